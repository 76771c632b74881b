// The encoding of a text file: by its byte order mark, as UTF-8 or UTF-16 when it is valid, otherwise by what the
// letters of a text look like. Decoders are those of the WHATWG Encoding Standard.
import { analyse } from "chardet";
import { refuseFile } from "./file_problem.ts";

export interface DecodedText {
  text: string;
  /** As the Encoding Standard calls it. */
  encoding: string;
}

/** How much of the text that is not ASCII is looked at; bytes. */
const SAMPLE_SIZE = 64 * 1024;
/** Encodings of western and central Europe, where most bytes are ASCII; the first of equally good ones is taken. */
const europeanEncodings = ["windows-1252", "macintosh", "windows-1250", "windows-1254"];
/** Confidence of chardet, in per cent, below which its guess is worthless. */
const MIN_CONFIDENCE = 10;

/**
 * Decodes a text.
 *
 * @param encoding its name; null to detect it
 * @throws FileRefusal `unknown_encoding`, `undecodable` with the line
 */
export function decodeText(bytes: Uint8Array, encoding: string | null): DecodedText {
  const found = encoding ?? markedEncoding(bytes) ?? utf16WithoutMark(bytes);
  if (found) return decodeAs(bytes, found);
  const utf8 = tryDecode(bytes, "utf-8");
  if (utf8 !== null) return { text: utf8, encoding: "utf-8" };
  const brokenAt = brokenUtf8At(bytes);
  if (brokenAt !== null) refuseFile("undecodable", { line: lineAt(bytes, brokenAt) });
  return decodeAs(bytes, guess(sampleOf(bytes)) ?? refuseFile("unknown_encoding"));
}

function decodeAs(bytes: Uint8Array, encoding: string): DecodedText {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch {
    return refuseFile("unknown_encoding", { value: encoding.slice(0, 40) });
  }
  try {
    return { text: decoder.decode(bytes), encoding: decoder.encoding };
  } catch {
    const lossy = new TextDecoder(decoder.encoding).decode(bytes);
    return refuseFile("undecodable", {
      line: lossy.slice(0, lossy.indexOf("\ufffd")).split(/\r\n?|\n/).length,
    });
  }
}

function tryDecode(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function markedEncoding(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

/** In UTF-16 the separators, blanks and line breaks of a table are pairs with a zero, always on the same side. */
function utf16WithoutMark(bytes: Uint8Array): string | null {
  if (bytes.length % 2 !== 0) return null;
  const zeros = [0, 0];
  const size = Math.min(bytes.length, SAMPLE_SIZE);
  for (let at = 0; at < size; at++) if (bytes[at] === 0) zeros[at % 2]++;
  const [even, odd] = zeros.map((count) => count / (size / 2));
  if (odd > 0.05 && even < 0.005) return "utf-16le";
  if (even > 0.05 && odd < 0.005) return "utf-16be";
  return null;
}

/**
 * Where UTF-8 is broken in a text that is UTF-8 for the most part; null when the text has another encoding. In those,
 * two bytes are hardly ever a valid sequence.
 */
function brokenUtf8At(bytes: Uint8Array): number | null {
  let valid = 0;
  let invalid = 0;
  let first = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] < 0x80) continue;
    const length = sequenceLength(bytes, at);
    if (length > 0) valid++;
    else if (invalid++ === 0) first = at;
    at += Math.max(0, length - 1);
  }
  return valid > invalid ? first : null;
}

/** The bytes of the UTF-8 sequence at a position; 0 when it is not valid. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at];
  const length = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (lead >= 0xf5 || length === 0) return 0;
  for (let index = 1; index < length; index++) if ((bytes[at + index] & 0xc0) !== 0x80) return 0;
  return length;
}

function lineAt(bytes: Uint8Array, at: number): number {
  return new TextDecoder("latin1").decode(bytes.subarray(0, at)).split(/\r\n?|\n/).length;
}

/** The lines with letters beyond ASCII, as the rest of a table says nothing about its encoding. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  const sample: number[] = [];
  let begin = 0;
  let isAscii = true;
  for (let at = 0; at <= bytes.length && sample.length < SAMPLE_SIZE; at++) {
    if (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) {
      if (bytes[at] >= 0x80) isAscii = false;
      continue;
    }
    if (!isAscii) sample.push(...bytes.subarray(begin, Math.min(at + 1, begin + 2000)));
    begin = at + 1;
    isAscii = true;
  }
  return Uint8Array.from(sample);
}

/** The encoding that makes most sense of a sample; null when none does. */
function guess(sample: Uint8Array): string | null {
  const isEuropean = averageRun(sample) < 2;
  if (isEuropean) {
    const scored = europeanEncodings.map((encoding) => ({ encoding, score: scoreOf(sample, encoding) }));
    const best = scored.reduce((best, next) => next.score > best.score ? next : best);
    if (best.score >= 0) return best.encoding;
  }
  // Letters of other scripts come in runs, where European encodings have no sense.
  for (const { name, confidence } of analyse(sample)) {
    if (confidence < MIN_CONFIDENCE) break;
    if (/1252|1250|1254|8859-[129]$/.test(name)) continue;
    const text = tryDecode(sample, name);
    if (text !== null && !/[\x80-\x9f\ufffd]/.test(text) && isMostlyLetters(text)) return name;
  }
  return null;
}

/** How many bytes beyond ASCII follow each other, on average. */
function averageRun(sample: Uint8Array): number {
  let bytes = 0;
  let runs = 0;
  sample.forEach((byte, at) => {
    if (byte < 0x80) return;
    bytes++;
    if (at === 0 || sample[at - 1] < 0x80) runs++;
  });
  return bytes / Math.max(1, runs);
}

function isMostlyLetters(text: string): boolean {
  const foreign = [...text].filter((character) => character > "\x7f");
  return foreign.filter((character) => /[\p{L}\p{M}\p{N}]/u.test(character)).length * 2 > foreign.length;
}

/** How much a text looks like one when it is decoded so: letters within words, and no signs there. */
function scoreOf(sample: Uint8Array, encoding: string): number {
  const text = tryDecode(sample, encoding);
  if (text === null) return -Infinity;
  let score = 0;
  for (const { 0: character, index } of text.matchAll(/[\u0080-\uffff]/g)) {
    const before = text[index - 1] ?? " ";
    const after = text[index + 1] ?? " ";
    const isWithin = /\p{L}/u.test(before) && /\p{L}/u.test(after);
    if (/[\x80-\x9f]/.test(character)) score -= 10;
    else if (/\p{L}/u.test(character)) score += /\p{Ll}/u.test(before) && /\p{Lu}/u.test(character) ? -1 : 1;
    else if (isWithin && !/[’‘\u2010-\u2014\u00b7]/.test(character)) score -= 2;
    else if (/\p{L}/u.test(before) && /[\p{S}\p{No}]/u.test(character)) score -= 1;
  }
  return score;
}
