// Counting the rows of a list at a bounded cost: up to 10,000 rows, and fewer where finding them takes long. PostgreSQL's
// plan says beforehand what a count costs; the same data gives the same answer, however busy the machine is.
import { type Fragment, plannedForValues } from "../../db/connect.ts";
import type { Context } from "./context.ts";
import { type PlanNode, planOf } from "./plan.ts";

/** How many rows there are, as far as they were counted. */
export interface RowCount {
  total: number;
  /** Whether there are more rows than `total`. */
  totalIsMore: boolean;
}

/** What is counted. */
export interface CountedRows {
  from: Fragment;
  where: Fragment;
  /**
   * Conditions that may hold for rows far apart from each other: most of them look up rows of other tables. The planner
   * assumes that such rows are spread evenly, so that no plan tells what finding 10,000 costs. Of a large list the first rows
   * are checked.
   */
  checks?: {
    conditions: Fragment;
    /** The name of the table in `from` whose columns the conditions read. */
    row: Fragment;
    /** The order of the list, without "order by". */
    order: Fragment;
  };
}

/** Rows are counted up to the first of these numbers that is cheap enough. */
const LIMITS = [10_000, 5000, 2000, 1000, 100];
/** So many rows are checked, by the same rule: all of a list that is not large, or a few thousand, each of which costs more. */
const CHECKED = [50_000, 2000, 1000, 100];

/**
 * What a count may cost, in the planner's units: reading a page of a table in sequence is 1, any other one 1.1 to 4. 20,000
 * are some tens of milliseconds.
 */
const MAX_COST = 20_000;
/** What a row more than the plan expects costs at most: a page of the disk and some of memory. */
const MAX_COST_OF_ROW = 1.8;

/**
 * Counts rows.
 *
 * @param known so many there are in any case
 */
export async function countRows(
  ctx: Pick<Context, "db">,
  counted: CountedRows,
  known = 0,
): Promise<RowCount> {
  const found = counted.checks
    ? await countChecked(ctx, counted, counted.checks)
    : await countUpTo(ctx, counted);
  return found ?? { total: known, totalIsMore: true };
}

/** Counts up to the first limit that is cheap enough; null when none is. */
async function countUpTo(
  ctx: Pick<Context, "db">,
  { from, where }: CountedRows,
): Promise<RowCount | null> {
  for (const limit of LIMITS) {
    const counts = await readIfCheap<{ count: number }>(
      ctx,
      ctx.db`
        select count(*) as count
        from (
          select
          from ${from}
          where ${where}
          limit ${limit + 1}
        ) as counted`,
      limit,
    );
    if (counts) return { total: Math.min(counts.count, limit), totalIsMore: counts.count > limit };
  }
  return null;
}

/** Counts those of the first rows of a list that pass the checks; null when there are none, or no number is cheap enough. */
async function countChecked(
  ctx: Pick<Context, "db">,
  { from, where }: CountedRows,
  { conditions, row, order }: NonNullable<CountedRows["checks"]>,
): Promise<RowCount | null> {
  const [most] = LIMITS;
  for (const limit of CHECKED) {
    const counts = await readIfCheap<{ checked: number; passed: number }>(
      ctx,
      ctx.db`
        with first_rows as materialized (
          select ${row}.*
          from ${from}
          where ${where}
          order by ${order}
          limit ${limit + 1}
        )
        select
          (
            select count(*)
            from first_rows
          ) as checked,
          (
            select count(*)
            from first_rows ${row}
            where ${conditions}
          ) as passed`,
      limit,
    );
    if (!counts) continue;
    const { checked, passed } = counts;
    if (passed > most) return { total: most, totalIsMore: true };
    if (checked <= limit) return { total: passed, totalIsMore: false };
    const total = roundBelow(passed);
    return total > 0 ? { total, totalIsMore: true } : null;
  }
  return null;
}

/**
 * Runs a statement that gives one row, if its plan is cheap enough; otherwise null.
 *
 * @param most so many rows are read, if there are so many
 */
async function readIfCheap<Row extends object>(
  ctx: Pick<Context, "db">,
  statement: Fragment,
  most: number,
): Promise<Row | null> {
  if (costOf(await planOf(ctx, statement), most) > MAX_COST) return null;
  const [row] = await plannedForValues(ctx.db<Row[]>`${statement}`);
  return row;
}

/** What all processes of a count spend, also if there are more rows than the plan expects. */
function costOf(plan: PlanNode, most: number): number {
  // Below the top are the rows, or they are the first part of the statement.
  const rows = plan.Plans?.[0] ?? plan;
  const expected = Math.max(rows["Plan Rows"], 1);
  const each = Math.min((rows["Total Cost"] - rows["Startup Cost"]) / expected, MAX_COST_OF_ROW);
  return plan["Total Cost"] * (1 + workersOf(plan)) + Math.max(most - expected, 0) * each;
}

/** How many processes a plan adds. Its cost is that of one of them. */
function workersOf({ "Workers Planned": workers = 0, Plans: plans = [] }: PlanNode): number {
  return Math.max(workers, ...plans.map(workersOf));
}

/** The largest number of one digit and zeros that is below a count: 900 for 1000, and 3000 for 3531. */
function roundBelow(count: number): number {
  if (count < 2) return 0;
  const unit = 10 ** Math.floor(Math.log10(count - 1));
  return Math.floor((count - 1) / unit) * unit;
}
