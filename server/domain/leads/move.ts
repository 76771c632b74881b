// Moving the leads of a customer that is merged into another one.
import type { Context } from "../context.ts";
import { eventsFrom } from "../events/record.ts";

/** Moves all leads that became a customer to another one, deleted ones too. Both customers are locked. */
export async function moveLeads(ctx: Context, { from, to }: { from: number; to: number }): Promise<void> {
  await ctx.db`
    with locked as (
      select id
      from institutions
      where customer_id = ${from}
      order by id
      for no key update
    ),
    moved as (
      update institutions
      set customer_id = ${to}, updated_at = ${ctx.now}
      from locked
      where institutions.id = locked.id
    )
    ${
    eventsFrom(
      ctx,
      "lead.updated",
      ctx.db`
        select
          id as subject_id, null::bigint as license_id, ${to}::bigint as customer_id, null::bigint as activation_id,
          jsonb_build_object('customerId', ${from}::bigint) as before,
          jsonb_build_object('customerId', ${to}::bigint) as after
        from locked`,
    )
  }`;
}
