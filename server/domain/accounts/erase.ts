// Erasure of users: the rows stay for the audit log, disabled, without name, address and password.
import type { Context } from "../context.ts";
import { lockUser } from "./lock_user.ts";

/**
 * Erases users with their sessions, and what was mailed to the address. The machine of a trial stays, so that it does not
 * get another one.
 *
 * @returns how many users
 */
export async function eraseUserAccounts(
  ctx: Context,
  { userIds, email }: { userIds: number[]; email: string | null },
): Promise<number> {
  for (const id of userIds) {
    await lockUser(ctx, id);
    await ctx.db`
      delete from sessions
      where user_id = ${id}`;
    await ctx.db`
      delete from email_links
      where user_id = ${id}`;
    // The domain is reserved: no mail is ever sent to it (RFC 2606, section 2).
    await ctx.db`
      update users
      set
        email = 'erased-' || id || '@erased.invalid', name = 'Erased user ' || id, password_hash = null,
        notes = '', tags = '{}', metadata = '{}', updated_at = ${ctx.now}, disabled_at = coalesce(disabled_at, ${ctx.now})
      where id = ${id}`;
  }
  await ctx.db`
    delete from email_links
    where email = ${email}`;
  return userIds.length;
}
