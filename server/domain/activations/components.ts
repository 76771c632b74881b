// Components: named, hashed parts of a machine that an app sends beside the fingerprint. What is stored of each is a digest of
// its own, which is of use on one license only.
import { createHash } from "node:crypto";
import { foldFingerprint, isPlaceholderFingerprint } from "./fingerprints.ts";

/** A row of `activation_components`. */
export interface ActivationComponentRow {
  activationId: number;
  name: string;
  licenseId: number;
  digest: Uint8Array;
  since: Date;
}

/** Components by name, as an app sent them. */
export type Components = Readonly<Record<string, string>>;

/** The digests of components (hex) by name. Placeholders, which many machines have, are left out. */
export function componentDigests(licenseId: number, components: Components): Map<string, string> {
  const digests = new Map<string, string>();
  for (const [name, value] of Object.entries(components)) {
    if (isPlaceholderFingerprint(value)) continue;
    const text = `${licenseId}\n${name}\n${foldFingerprint(value)}`;
    digests.set(name, createHash("sha256").update(text).digest("hex"));
  }
  return digests;
}

/**
 * A number that differs when components were sent that are not those of the last time, below 2^53. It is computed for each
 * verification, so it is no cryptographic hash; it decides only whether the stored components are looked at.
 */
export function componentMark(components: Components): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  const add = (text: string) => {
    for (let index = 0; index <= text.length; index++) {
      // The end of a text counts as a character that no text has.
      const unit = index < text.length ? text.charCodeAt(index) : 0x10000;
      high = Math.imul(high ^ unit, 0x9e3779b1);
      low = Math.imul(low ^ unit, 0x5f356495);
    }
  };
  for (const name of Object.keys(components).sort()) {
    add(name);
    add(components[name]);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return (low >>> 0) + (high & 0x1fffff) * 0x100000000;
}
