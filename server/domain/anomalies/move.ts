// Moving the anomalies of a customer that is merged into another one.
import type { Context } from "../context.ts";

/** Moves all anomalies of a customer to another one. */
export async function moveAnomalies(ctx: Context, { from, to }: { from: number; to: number }): Promise<void> {
  await ctx.db`
    update anomalies
    set customer_id = ${to}
    where customer_id = ${from}`;
}
