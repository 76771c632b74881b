// Moving the mail about a customer that is merged into another one.
import type { Context } from "../context.ts";

/** Moves all mail about a customer to another one, sent or waiting. */
export async function moveMails(ctx: Context, { from, to }: { from: number; to: number }): Promise<void> {
  await ctx.db`
    update mails
    set customer_id = ${to}
    where customer_id = ${from}`;
}
