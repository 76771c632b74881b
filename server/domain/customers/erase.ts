// Erasure of customers: the rows stay for their licenses, without name and address.
import type { Context } from "../context.ts";

/** Erases customers; returns how many. */
export async function eraseCustomers(ctx: Context, ids: number[]): Promise<number> {
  const erased = await ctx.db`
    update customers
    set name = 'Erased customer ' || id, email = null, notes = '', tags = '{}', metadata = '{}', updated_at = ${ctx.now}
    where id = any(${ids})`;
  return erased.count;
}
