// Disabling and enabling a user.
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import { revokeLinks } from "./email_links.ts";
import { revokeSessions } from "./end_sessions.ts";
import { lockUser } from "./lock_user.ts";

/**
 * Disables a user: ends all sessions and links, within a second in other processes, and refuses new ones.
 *
 * @returns whether this changed something: not when the user was disabled already
 * @throws DomainError `NOT_FOUND`
 */
export async function disableUser(ctx: Context, id: number): Promise<boolean> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const user = await lockUser(ctx, id);
    if (user.disabledAt) return false;
    await ctx.db`
      update users
      set disabled_at = ${ctx.now}, updated_at = ${ctx.now}
      where id = ${id}`;
    await revokeSessions(ctx, user);
    await revokeLinks(ctx, user.email);
    await recordEvent(ctx, { type: "user.disabled", subjectId: id, after: { email: user.email } });
    return true;
  });
}

/**
 * Enables a user, who has to sign in again.
 *
 * @returns whether this changed something
 * @throws DomainError `NOT_FOUND`
 */
export function enableUser(ctx: Context, id: number): Promise<boolean> {
  requireRole(ctx, "manager");
  return inTransaction(ctx, async (ctx) => {
    const user = await lockUser(ctx, id);
    if (!user.disabledAt) return false;
    await ctx.db`
      update users
      set disabled_at = null, updated_at = ${ctx.now}
      where id = ${id}`;
    await recordEvent(ctx, { type: "user.enabled", subjectId: id, after: { email: user.email } });
    return true;
  });
}
