// Erasure of the ids that other systems have for a person.
import type { Context } from "../context.ts";

/** Deletes the external ids of things of a kind. */
export async function deleteExternalIds(ctx: Context, kind: string, ids: number[]): Promise<void> {
  await ctx.db`
    delete from external_ids
    where kind = ${kind} and id = any(${ids})`;
}
