// Where the id of a merged customer leads.
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";
import { refuse } from "./errors.ts";

/** The id of the customer that stays, for one that was merged; otherwise the id itself, whether or not it exists. */
export async function currentCustomerId(ctx: Pick<Context, "db">, id: number): Promise<number> {
  const [customer] = await ctx.db<{ mergedIntoId: number | null }[]>`
    select merged_into_id
    from customers
    where id = ${id}`;
  return customer?.mergedIntoId ?? id;
}

/** A filter whose customer is the one that stays, for the id of one that was merged. */
export async function ofCurrentCustomer<Query extends { customerId?: number }>(
  ctx: Pick<Context, "db">,
  query: Query,
): Promise<Query> {
  if (query.customerId === undefined) return query;
  return { ...query, customerId: await currentCustomerId(ctx, query.customerId) };
}

/**
 * The ids under which a customer is known: its own first, then those of the customers that were merged into it. None without
 * a customer.
 */
export async function idsOfCustomer(
  ctx: Pick<Context, "db">,
  id: number | undefined,
): Promise<number[]> {
  if (id === undefined) return [];
  const current = await currentCustomerId(ctx, id);
  const merged = await ctx.db<{ id: number }[]>`
    select id
    from customers
    where merged_into_id = ${current}
    order by id`;
  return [current, ...merged.map(({ id }) => id)];
}

/**
 * The condition on a column that keeps the id it was recorded with, such as that of events; null without ids.
 *
 * @param ids those of `idsOfCustomer`
 */
export function recordedOf(ctx: Pick<Context, "db">, column: Fragment, ids: number[]): Fragment | null {
  if (ids.length === 0) return null;
  // The index gives the rows of one customer in their order.
  return ids.length === 1 ? ctx.db`${column} = ${ids[0]}` : ctx.db`${column} = any(${ids}::bigint[])`;
}

/** @throws DomainError `CONFLICT`, always: it names the customer that stays */
export function refuseMerged(customerId: number): never {
  refuse("CONFLICT", { reason: "merged", subject: "customer", customerId });
}
