// Fingerprints of machines: which ones do not identify one, because firmware or a program left out the real value. One
// activation would serve every machine that reports the same.
import { createHash } from "node:crypto";
import { refuse } from "../errors.ts";
import { comparable } from "../text.ts";
import { emptyValues, firmwarePlaceholders, sharedIdentifiers } from "./placeholder_fingerprints.ts";

/** Algorithms and encodings that apps make fingerprints with. */
const algorithms = ["md5", "sha1", "sha256", "sha384", "sha512"];
const encodings = ["hex", "base64"] as const;

/** A fingerprint as it is compared with placeholders: without case, blanks and punctuation. */
export const foldFingerprint = (text: string): string => comparable(text).replace(/[^\p{L}\p{N}]/gu, "");

const texts = [...firmwarePlaceholders, ...sharedIdentifiers, ...emptyValues];
const placeholders = new Set(texts.map(foldFingerprint));
const digests = new Set(digestsOf(["", " ", "0", ...texts]));

/** The digests of texts in their usual spellings, folded; of those with a line break as well, which `echo` adds. */
function* digestsOf(texts: string[]): Generator<string> {
  for (const text of texts) {
    for (const spelling of new Set([text, text.toLowerCase(), text.toUpperCase()])) {
      for (const content of [spelling, `${spelling}\n`]) {
        for (const algorithm of algorithms) {
          const hash = createHash(algorithm).update(content).digest();
          for (const encoding of encodings) yield foldFingerprint(hash.toString(encoding));
        }
      }
    }
  }
}

/** Whether a fingerprint is a placeholder, a digest of one, a repeated character, or several of them joined. */
export function isPlaceholderFingerprint(text: string): boolean {
  const folded = foldFingerprint(text);
  if (isPlaceholder(folded)) return true;
  const parts = text.split(/[|;,:+_/-]+/);
  return parts.length > 1 && parts.every((part) => isPlaceholder(foldFingerprint(part)));
}

function isPlaceholder(folded: string): boolean {
  return placeholders.has(folded) || digests.has(folded) ||
    // Nothing but punctuation; zeros; "ffff…" and "xxx", also masked ones; any other character repeated.
    /^0*$|^f{4,}$|^x{3,}$|^(.)\1{7,}$/u.test(folded);
}

/** Whether an object of a machine's properties has none that identifies it. */
export function hasOnlyPlaceholders(value: unknown): boolean {
  if (typeof value === "string") return isPlaceholderFingerprint(value);
  if (typeof value === "object" && value !== null) return Object.values(value).every(hasOnlyPlaceholders);
  return typeof value !== "number" || value === 0;
}

/**
 * Refuses to register a machine by a fingerprint that does not identify it.
 *
 * @param field the input it came from
 * @throws DomainError `INVALID_REQUEST` (`placeholder`)
 */
export function refusePlaceholder(field: string): never {
  refuse("INVALID_REQUEST", { field, reason: "placeholder" });
}
