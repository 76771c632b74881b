// License files as they arrive: one that is not the vendor's, or not for this device, never replaces a good one.
import type { FileClaims } from "./file_claims.ts";
import { checkLicenseFile, type FileResult, type Seen } from "./license_file.ts";
import type { CompleteOptions } from "./options.ts";
import type { LicenseState } from "./states.ts";

export interface NewFile {
  text: string;
  claims: FileClaims;
}

/** The state of a file that arrives; the clock does not matter. @param seen an older file is refused, and one that was given back */
export async function stateOfNewFile(
  text: string,
  licenseKey: string | null,
  options: CompleteOptions,
  seen: Seen = {},
): Promise<FileResult> {
  const { product, version, released, device, publicKeys: keys, verifySignature: verify } = options;
  return await checkLicenseFile({
    file: text,
    licenseKey,
    keys,
    app: { product, version, released },
    device,
    now: Number.MAX_SAFE_INTEGER / 1e6,
    kept: { seq: seen.seq, removed: seen.removed },
    verify,
  });
}

/** The file with its claims; null when it is refused. */
export async function checkedFile(
  text: string,
  licenseKey: string | null,
  options: CompleteOptions,
  seen: Seen = {},
): Promise<NewFile | null> {
  const { state, claims } = await stateOfNewFile(text, licenseKey, options, seen);
  return claims && !isRefused(state) ? { text, claims } : null;
}

/** Whether a file that arrives is of no use: not the vendor's, of another device, older, or given back. */
export function isRefused(state: LicenseState): boolean {
  return state === "wrong_machine" || state === "invalid" || state === "not_activated";
}
