// Voiding the links to choose a password.
import type { Context } from "../context.ts";
import type { LockedAdministrator } from "./lock_administrator.ts";

/** Voids the unused links of an administrator. Their tokens are removed, so that no instant makes them valid again. */
export async function revokePasswordLinks(
  ctx: Pick<Context, "db">,
  { id }: LockedAdministrator,
): Promise<void> {
  await ctx.db`
    update administrator_password_links
    set token_hash = null, expires_at = null
    where administrator_id = ${id} and token_hash is not null and used_at is null`;
}
