// License files as they arrive: one that is not the vendor's, or not for this device, never replaces a good one.
import type { FileClaims } from "./file_claims.ts";
import { checkLicenseFile, type FileResult } from "./license_file.ts";
import type { CompleteOptions } from "./options.ts";

export interface NewFile {
  text: string;
  claims: FileClaims;
}

/** The state of a file that arrives; the clock and what was seen do not matter. */
export async function stateOfNewFile(
  text: string,
  licenseKey: string | null,
  options: CompleteOptions,
): Promise<FileResult> {
  const { product, version, released, device, publicKeys: keys, verifySignature: verify } = options;
  const app = { product, version, released };
  return await checkLicenseFile({
    file: text,
    licenseKey,
    keys,
    app,
    device,
    now: Number.MAX_SAFE_INTEGER / 1e6,
    verify,
  });
}

/** The file with its claims; null when it is not the vendor's, or not for this device. */
export async function checkedFile(
  text: string,
  licenseKey: string | null,
  options: CompleteOptions,
): Promise<NewFile | null> {
  const { state, claims } = await stateOfNewFile(text, licenseKey, options);
  return claims && state !== "wrong_machine" && state !== "invalid" ? { text, claims } : null;
}
