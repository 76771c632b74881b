// Ending everything that users are signed in with, after a restore: what was used up or revoked since the backup is not
// known any more.
import type { Context } from "../context.ts";

/**
 * Revokes all sessions of users and all links that were mailed to them.
 *
 * @returns the number of sessions that were valid
 */
export async function endUserSignIns(ctx: Pick<Context, "db" | "now">): Promise<number> {
  await ctx.db`
    update email_links
    set processed_at = coalesce(processed_at, ${ctx.now}), token_hash = null, expires_at = null
    where used_at is null and (processed_at is null or token_hash is not null)`;
  const revoked = await ctx.db`
    update sessions
    set revoked_at = ${ctx.now}
    where revoked_at is null and expires_at > ${ctx.now}`;
  return revoked.count;
}
