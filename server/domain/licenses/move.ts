// Moving the licenses of a customer that is merged into another one.
import type { Context } from "../context.ts";
import { changeLicenses, move } from "./bulk_changes.ts";

/** Moves all licenses of a customer, deleted ones too. Both customers are locked. */
export async function moveLicenses(ctx: Context, change: { from: number; to: number }): Promise<void> {
  const rows = await ctx.db<{ id: number }[]>`
    select id
    from licenses
    where customer_id = ${change.from}`;
  await changeLicenses(ctx, rows.map(({ id }) => id), move(ctx, change));
}
