// Silent renewal: a validation answers with a new file once the old one is past half its life.
import type { Context } from "../context.ts";
import { type FileRequest, issueFile } from "./issue.ts";
import type { IssuedFile, LicenseFileRow, NameFileClaims } from "./license_file.ts";
import { noteShownFile } from "./shown.ts";

/**
 * Issues a file for a machine whose license was found valid, if its last one is past half its life, was given back or revoked
 * by a deactivation, or there is none.
 *
 * @param input.shown the file that the app has; null when it does not show it
 * @returns null when the file is not due, or the license allows none
 */
export async function renewFile(
  ctx: Context,
  input: Omit<FileRequest, "ttl" | "isEncrypted"> & { licenseId: number; shown: string | null },
  nameClaims: NameFileClaims,
): Promise<IssuedFile | null> {
  if (input.shown !== null) await noteShownFile(ctx, input.shown, input);
  const [state] = await ctx.db<(FileState & { offlineDays: number })[]>`
    select l.offline_days, f.issued_at, f.expires_at, f.returned_at,
      s.revoked_at is null and s.product_id = l.product_id and a.activated_at <= s.created_at as keeps_index
    from licenses l
    left join license_files f on f.activation_id = ${input.activationId}
    left join license_statuses s on s.id = f.status_id
    left join activations a on a.id = f.activation_id
    where l.id = ${input.licenseId}`;
  if (!state || state.offlineDays === 0 || !isDue(state, ctx.now)) return null;
  // An app that showed an encrypted file can read such a one.
  const isEncrypted = input.shown !== null && isJwe(input.shown);
  return await issueFile(ctx, { ...input, ttl: null, isEncrypted }, nameClaims);
}

/** The last file of an activation, if there is one. */
type FileState = Partial<Pick<LicenseFileRow, "issuedAt" | "expiresAt" | "returnedAt">> & {
  /** Whether its index in the status list would be that of the next file too; otherwise it is revoked. */
  keepsIndex: boolean | null;
};

function isDue({ issuedAt, expiresAt, returnedAt, keepsIndex }: FileState, now: Date): boolean {
  if (!issuedAt || !expiresAt || returnedAt || !keepsIndex) return true;
  return now.getTime() >= (issuedAt.getTime() + expiresAt.getTime()) / 2;
}

function isJwe(text: string): boolean {
  return text.split(".").length === 5;
}
