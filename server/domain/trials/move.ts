// Moving the trials of a customer that is merged into another one.
import type { Context } from "../context.ts";

/**
 * Moves the trials of a customer to another one. Of a product that both had a trial of, the row stays: the customer that
 * stays gets no other one either way.
 */
export async function moveTrials(ctx: Context, { from, to }: { from: number; to: number }): Promise<void> {
  await ctx.db`
    update trials
    set customer_id = ${to}
    where customer_id = ${from} and product_id not in (
      select product_id
      from trials
      where customer_id = ${to}
    )`;
  await ctx.db`
    update trial_customers
    set customer_id = ${to}
    where customer_id = ${from}`;
}
