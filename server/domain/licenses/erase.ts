// Licenses of erased users: they stay with their customer.
import type { Context } from "../context.ts";

/** Takes licenses from users who are erased. */
export async function unassignUsers(ctx: Context, userIds: number[]): Promise<void> {
  await ctx.db`
    update licenses
    set user_id = null, updated_at = ${ctx.now}
    where user_id = any(${userIds})`;
}
