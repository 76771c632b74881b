// Removal codes: how a device without a network gives its activation back. Whoever has the code enters it in the panel.
import { type Bytes, decodeBytes, utf8 } from "./encoding.ts";
import { LatchkeyError } from "./errors.ts";
import type { FileClaims } from "./file_claims.ts";
import type { KeptRecord } from "./kept_record.ts";
import { checkedFile } from "./new_file.ts";
import type { CompleteOptions } from "./options.ts";
import { emptyRecord, type LicenseRecord, type Removed, withKept } from "./record.ts";

/** Crockford's base 32, by the values of its digits. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The code by which the activation of a license file is given back. */
export async function removalCode(
  { activation, seq, removal }: Pick<FileClaims, "activation" | "seq" | "removal">,
): Promise<string> {
  const hash = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", decodeBytes(removal), hash, false, ["sign"]);
  const proof = await crypto.subtle.sign("HMAC", key, utf8(`removal\n${activation}\n${seq}`));
  const code = digitsOf(activation, 1) + digitsOf(seq, 8) + proofDigits(new Uint8Array(proof, 0, 16));
  return code.replace(/.{5}(?=.)/g, "$&-");
}

function digitsOf(number: number, length: number): string {
  let text = "";
  for (let rest = number; rest > 0 || text.length < length; rest = Math.floor(rest / 32)) {
    text = alphabet[rest % 32] + text;
  }
  return text;
}

/** Five bits at a time from the highest; two bits that are 0 come after 16 bytes. */
function proofDigits(bytes: Bytes): string {
  let text = "";
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits = bits << 8 | byte;
    for (count += 8; count >= 5; count -= 5) text += alphabet[bits >> count - 5 & 31];
    bits &= 31;
  }
  return text + alphabet[bits << 5 - count & 31];
}

/**
 * Forgets the license file and its license, and returns the removal code. It is the same when it is asked for again, until the
 * device has another license.
 *
 * @throws LatchkeyError `NOT_ACTIVATED` when there is no license file of this device
 */
export async function giveBack(kept: KeptRecord, options: CompleteOptions): Promise<string> {
  const record = await kept.read();
  const given = record.file === null ? lastRemoved(record) : await removedOf(record, options);
  if (given === null) {
    throw new LatchkeyError({ code: "NOT_ACTIVATED", message: "There is no license file on this device." });
  }
  await kept.change((record) => withKept(withKept(emptyRecord, record), { removed: given }));
  return Object.values(given)[0].code;
}

/** The activation of the file with its code, which is the one that was shown if its file was given back before. */
async function removedOf(
  record: LicenseRecord,
  options: CompleteOptions,
): Promise<Record<string, Removed> | null> {
  const file = await checkedFile(record.file!, record.licenseKey, options);
  if (!file) return null;
  const { activation, seq } = file.claims;
  const shown = Object.hasOwn(record.removed, activation) ? record.removed[activation] : null;
  const isShown = shown !== null && shown.seq >= seq;
  return { [activation]: isShown ? shown : { seq, code: await removalCode(file.claims) } };
}

/** What was given back last; null when nothing was, or the device has a license since. */
function lastRemoved({ licenseKey, removed }: LicenseRecord): Record<string, Removed> | null {
  const [last] = Object.entries(removed).sort(([, one], [, other]) => other.seq - one.seq);
  return last && licenseKey === null ? Object.fromEntries([last]) : null;
}
