// What a license file gets when it is issued: its number, and its index in a status list.
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import type { LicenseFileRow } from "./license_file.ts";
import type { LicenseStatusRow } from "./status_index.ts";

/**
 * Takes the next number and an index for a file of an activation. Call it in a transaction.
 *
 * @throws DomainError `ACTIVATION_INACTIVE`
 */
export async function takeNumber(
  ctx: Context,
  activationId: number,
  license: { productId: number; offlineBorrowing: boolean },
  expiresAt: Date,
): Promise<Pick<LicenseFileRow, "seq" | "statusId">> {
  // Files of one activation are issued one after another: it is not deactivated meanwhile.
  const [activation] = await ctx.db<{ licenseId: number }[]>`
    select license_id
    from activations
    where id = ${activationId} and is_active
    for no key update`;
  if (!activation) refuse("ACTIVATION_INACTIVE");
  const { licenseId } = activation;
  const statusId = await takePlace(ctx, { activationId, licenseId, productId: license.productId, expiresAt });
  const [file] = await ctx.db<Pick<LicenseFileRow, "seq" | "statusId">[]>`
    insert into license_files as f (
      activation_id, license_id, status_id, seq, issued_at, expires_at, is_borrowed
    )
    values (
      ${activationId}, ${licenseId}, ${statusId}, ${
    Math.floor(ctx.now.getTime() / 1000)
  }, ${ctx.now}, ${expiresAt},
      ${license.offlineBorrowing}
    )
    on conflict on constraint license_files_pkey do update
    set seq = greatest(f.seq + 1, excluded.seq), status_id = excluded.status_id, issued_at = excluded.issued_at,
      expires_at = excluded.expires_at, is_borrowed = excluded.is_borrowed, returned_at = null
    returning seq, status_id`;
  return file;
}

/** The index that the last file has, unless it is revoked, or another. */
async function takePlace(
  ctx: Context,
  file: Pick<LicenseStatusRow, "activationId" | "licenseId" | "productId" | "expiresAt">,
): Promise<number> {
  const [kept] = await ctx.db<Pick<LicenseStatusRow, "id">[]>`
    update license_statuses s
    set expires_at = greatest(s.expires_at, ${file.expiresAt})
    from license_files f, activations a
    where f.activation_id = ${file.activationId} and s.id = f.status_id and a.id = f.activation_id
      and s.revoked_at is null and s.product_id = ${file.productId} and a.activated_at <= s.created_at
    returning s.id`;
  if (kept) return kept.id;
  const [taken] = await ctx.db<Pick<LicenseStatusRow, "id">[]>`
    insert into license_statuses (product_id, license_id, activation_id, created_at, expires_at)
    values (${file.productId}, ${file.licenseId}, ${file.activationId}, ${ctx.now}, ${file.expiresAt})
    returning id`;
  return taken.id;
}
