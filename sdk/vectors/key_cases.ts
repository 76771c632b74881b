// License keys as people paste them, with what the server makes of them; see docs/decisions/0040-keys-as-pasted.md.
import { cleanKey } from "../../server/domain/licenses/pasted_key.ts";
import { keyOf, parseKey } from "../../server/domain/licenses/key.ts";
import type { Case } from "./cases.ts";

/** What a typed key is: what is sent, and what it is compared by; null when it can be no key. */
export type TypedKey = { text: string; canonical: string; checksum_mismatch: boolean } | null;

const key = keyOf(new Uint8Array(15).map((_, index) => index * 7 + 3));
const lower = key.toLowerCase();

const typed: [name: string, reason: string, text: string][] = [
  ["as it is", "Nothing is to be done.", key],
  ["of the documents", "The example key is well-formed.", "TEST-TEST-TEST-TEST"],
  ["in lower case", "Case does not matter.", lower],
  ["without dashes", "Dashes do not matter.", key.replaceAll("-", "")],
  ["with blanks instead of dashes", "Blanks do not matter.", key.replaceAll("-", " ")],
  ["with blanks around", "They are removed.", `  ${key}\t`],
  ["with line breaks", "A mail was wrapped.", `${key.slice(0, 10)}\r\n${key.slice(10)}`],
  ["quoted in a mail", "A reply puts marks before each line.", `> ${key.slice(0, 10)}\n> ${key.slice(10)}`],
  ["with en dashes", "A word processor replaced the dashes.", key.replaceAll("-", "–")],
  ["with em dashes", "A word processor replaced the dashes.", key.replaceAll("-", "—")],
  ["with minus signs", "A spreadsheet replaced the dashes.", key.replaceAll("-", "−")],
  ["with non-breaking hyphens", "A word processor replaced the dashes.", key.replaceAll("-", "\u2011")],
  ["in typographic quotes", "They are not part of it.", `“${key}”`],
  ["in guillemets", "They are not part of it.", `«${key}»`],
  ["in brackets", "They are not part of it.", `[${key}]`],
  ["with a full stop", "It ended a sentence.", `${key}.`],
  ["in bold", "A chat shows it with stars.", `**${key}**`],
  ["with a bullet", "It was in a list.", `• ${key}`],
  ["with a soft hyphen", "It cannot be seen.", `${key.slice(0, 6)}\u00ad${key.slice(6)}`],
  ["with a zero-width space", "It cannot be seen.", `${key.slice(0, 6)}\u200b${key.slice(6)}`],
  ["with a byte order mark", "It cannot be seen.", `\ufeff${key}`],
  ["with no-break spaces", "They are blanks.", `\u00a0${key}\u00a0`],
  [
    "in full-width characters",
    "A Japanese keyboard types them.",
    key.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)),
  ],
  ["with O for 0", "They look the same.", key.replaceAll("0", "O").replaceAll("1", "I")],
  ["with O, I and L", "They count as 0 and 1.", "OIL0-0000-0000-0000"],
  [
    "with a wrong character",
    "The check character tells.",
    `${key.slice(0, 3)}${key[3] === "A" ? "B" : "A"}${key.slice(4)}`,
  ],
  ["with two characters exchanged", "The check character tells.", `${key[1]}${key[0]}${key.slice(2)}`],
  ["with a U", "Generated keys have none.", `U${key.slice(1)}`],
  ["a UUID", "It is compared without dashes and case.", "550E8400-e29b-41d4-a716-446655440000"],
  ["a UUID with its name", "The name is not part of it.", "urn:uuid:550e8400-e29b-41d4-a716-446655440000"],
  ["an imported key", "It keeps its dashes.", "abc-123-legacy-key-9"],
  ["an imported key with both cases", "It is sent as it is.", "aGVsbG8gd29ybGQ+/w=="],
  ["with words before it", "They are not removed.", `Key: ${key}`],
  ["too short", "It can be no key.", "ABC"],
  ["empty", "It can be no key.", ""],
  ["too long", "It can be no key.", "A".repeat(256)],
  ["far too long", "It is not even read.", "A".repeat(1001)],
  ["with a control character", "It can be no key.", `ABC\u0001DEFGHI`],
];

export function keyCases(): Case<string, TypedKey>[] {
  return typed.map(([name, reason, text]) => ({ name, reason, given: text, expected: readAsServer(text) }));
}

function readAsServer(text: string): TypedKey {
  try {
    const { canonical, checksumMismatch } = parseKey(text);
    return { text: cleanKey(text), canonical, checksum_mismatch: checksumMismatch };
  } catch {
    return null;
  }
}
