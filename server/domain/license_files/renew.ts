// Silent renewal: a validation answers with a new file once the old one is past half its life.
import type { Context } from "../context.ts";
import { type FileRequest, issueFile } from "./issue.ts";
import type { IssuedFile, LicenseFileRow, NameFileClaims } from "./license_file.ts";
import { noteShownFile } from "./shown.ts";

/**
 * Issues a file for a machine whose license was found valid, if its last one is past half its life, was given back, or there is
 * none.
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
  const [state] = await ctx.db<(Partial<LicenseFileRow> & { offlineDays: number })[]>`
    select l.offline_days, f.issued_at, f.expires_at, f.returned_at
    from licenses l
    left join license_files f on f.activation_id = ${input.activationId}
    where l.id = ${input.licenseId}`;
  if (!state || state.offlineDays === 0 || !isDue(state, ctx.now)) return null;
  // An app that showed an encrypted file can read such a one.
  const isEncrypted = input.shown !== null && isJwe(input.shown);
  return await issueFile(ctx, { ...input, ttl: null, isEncrypted }, nameClaims);
}

function isDue({ issuedAt, expiresAt, returnedAt }: Partial<LicenseFileRow>, now: Date): boolean {
  if (!issuedAt || !expiresAt || returnedAt) return true;
  return now.getTime() >= (issuedAt.getTime() + expiresAt.getTime()) / 2;
}

function isJwe(text: string): boolean {
  return text.split(".").length === 5;
}
