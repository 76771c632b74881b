// Licenses of erased customers and users: they stay, without what was noted about them.
import type { Context } from "../context.ts";

/** Takes licenses from users who are erased. */
export async function unassignUsers(ctx: Context, userIds: number[]): Promise<void> {
  await ctx.db`
    update licenses
    set user_id = null, updated_at = ${ctx.now}
    where user_id = any(${userIds})`;
}

/** Erases the notes, tags and reasons of licenses. */
export async function eraseNotesOfLicenses(ctx: Context, ids: number[]): Promise<void> {
  await ctx.db`
    update licenses
    set notes = '', tags = '{}', metadata = '{}', disabled_reason = null, disable_reason = null, updated_at = ${ctx.now}
    where id = any(${ids})
      and (notes <> '' or tags <> '{}' or metadata <> '{}' or disabled_reason is not null or disable_reason is not null)`;
}
