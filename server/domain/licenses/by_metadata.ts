// The conditions that a license is of a customer or a plan with some metadata.
import { type Fragment, plannedForValues } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { hasMetadata } from "../metadata_columns.ts";

/** The licenses of so many customers are read customer by customer. */
const FEW = 1000;

/** The condition on a license `l` that its plan has some metadata; none without a filter. Plans are few. */
export async function ofPlansWith(ctx: Context, filter: string | undefined): Promise<Fragment[]> {
  const condition = hasMetadata(ctx, ctx.db`plans.metadata`, filter);
  if (!condition) return [];
  const plans = await ctx.db<{ id: number }[]>`
    select id
    from plans
    where ${condition}`;
  const ids = plans.map(({ id }) => id);
  return [ctx.db`l.plan_id = any(${ids}::bigint[])`];
}

/**
 * The condition on a license `l` that its customer has some metadata; null without a filter.
 *
 * @returns also whether it looks up the customer of each license, because many customers have it
 */
export async function ofCustomersWith(
  ctx: Context,
  filter: string | undefined,
): Promise<{ condition: Fragment | null; isLookedUp: boolean }> {
  const condition = hasMetadata(ctx, ctx.db`c.metadata`, filter);
  if (!condition) return { condition, isLookedUp: false };
  const customers = await plannedForValues(ctx.db<{ id: number }[]>`
    select c.id
    from customers c
    where ${condition}
    limit ${FEW + 1}`);
  if (customers.length <= FEW) {
    const ids = customers.map(({ id }) => id);
    return { condition: ctx.db`l.customer_id = any(${ids}::bigint[])`, isLookedUp: false };
  }
  const lookup = ctx.db`(
    select ${condition}
    from customers c
    where c.id = l.customer_id
  )`;
  return { condition: lookup, isLookedUp: true };
}
