// The license file of an activated device, for administrators: what it has, and a new one to download.
import type { ActivationRow } from "../activations/activation.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { requireValid } from "../policy/require_valid.ts";
import { dayOf } from "../calendar.ts";
import { findAppVersion } from "../releases/app_version.ts";
import { getValidationDataById } from "../activations/validation_data.ts";
import { getDevice } from "../devices/list.ts";
import { issueFile } from "./issue.ts";
import type { IssuedFile, LicenseFileRow, NameFileClaims } from "./license_file.ts";

/** The last file of a device. */
export type FileOfDevice = Pick<
  LicenseFileRow,
  "seq" | "issuedAt" | "expiresAt" | "isBorrowed" | "returnedAt" | "clonedAt"
>;

/**
 * The last license file of a device.
 *
 * @returns null when it never had one
 * @throws DomainError `NOT_FOUND`
 */
export async function findFileOfDevice(ctx: Context, activationId: number): Promise<FileOfDevice | null> {
  await getDevice(ctx, activationId);
  const [file] = await ctx.db<FileOfDevice[]>`
    select seq, issued_at, expires_at, is_borrowed, returned_at, cloned_at
    from license_files
    where activation_id = ${activationId}`;
  return file ?? null;
}

export interface FileForDevice {
  activationId: number;
  /** Seconds; null: as long as the license allows. */
  ttl: number | null;
  isEncrypted: boolean;
  /** Where the server is reached. */
  issuer: string;
}

/**
 * Issues a license file for an active device without a request of its app, by the fingerprint that it was activated with. Its
 * components are not known in the form that a file needs.
 *
 * @throws DomainError `NOT_FOUND`, `ACTIVATION_INACTIVE`, as `requireValid` and `issueFile`
 */
export async function issueFileForDevice(
  ctx: Context,
  input: FileForDevice,
  nameClaims: NameFileClaims,
): Promise<IssuedFile> {
  requireRole(ctx, "manager");
  return await issueForActivation(ctx, await getDevice(ctx, input.activationId), input, nameClaims);
}

/**
 * As `issueFileForDevice`, for an activation that the caller may use.
 *
 * @throws DomainError `ACTIVATION_INACTIVE`, as `requireValid` and `issueFile`
 */
export async function issueForActivation(
  ctx: Context,
  { licenseId, hardwareId, appVersion, isActive }: ActivationRow,
  input: FileForDevice,
  nameClaims: NameFileClaims,
): Promise<IssuedFile> {
  if (!isActive) refuse("ACTIVATION_INACTIVE");
  const { license, activation } = await getValidationDataById(ctx, licenseId, hardwareId);
  const app = await findAppVersion(ctx, license, appVersion);
  requireValid(license, { day: dayOf(ctx.now), app, activation });
  const device = { licenseKey: license.key, hardwareId, components: null };
  return await issueFile(ctx, { ...input, ...device }, nameClaims);
}
