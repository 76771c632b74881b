// Counting the rows of a list at a bounded cost: up to 10,000 rows, and fewer where finding them takes long. PostgreSQL's
// plan says beforehand what a count costs; the same data gives the same answer, however busy the machine is.
import { type Fragment, plannedForValues } from "../../db/connect.ts";
import type { Context } from "./context.ts";

/** How many rows there are, as far as they were counted. */
export interface RowCount {
  total: number;
  /** Whether there are more rows than `total`. */
  totalIsMore: boolean;
}

/** Rows are counted up to the first of these numbers whose count is cheap enough. */
const LIMITS = [10_000, 1000, 100];

/**
 * What a count may cost, in the planner's units: reading a page of a table in sequence is 1, any other one 1.1 to 4. 30,000
 * are some tens of milliseconds.
 */
const MAX_COST = 30_000;

/**
 * Counts rows.
 *
 * @param known so many there are in any case
 */
export async function countRows(
  ctx: Pick<Context, "db">,
  { from, where }: { from: Fragment; where: Fragment },
  known = 0,
): Promise<RowCount> {
  for (const limit of LIMITS) {
    const counted = ctx.db`
      select count(*) as count
      from (
        select
        from ${from}
        where ${where}
        limit ${limit + 1}
      ) as counted`;
    const [{ "QUERY PLAN": [{ Plan: plan }] }] = await plannedForValues(
      ctx.db<{ "QUERY PLAN": [{ Plan: { "Total Cost": number } }] }[]>`
        explain (format json) ${counted}`,
    );
    if (plan["Total Cost"] > MAX_COST) continue;
    const [{ count }] = await plannedForValues(ctx.db<{ count: number }[]>`${counted}`);
    return { total: Math.min(count, limit), totalIsMore: count > limit };
  }
  return { total: known, totalIsMore: true };
}
