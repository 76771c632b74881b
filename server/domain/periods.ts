// The periods of lists: a range of times, as conditions that a large table answers without reading what is later or earlier.
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";
import { allOf } from "./list_conditions.ts";

/**
 * The tables with millions of rows, by their names in lists. Their rows are inserted nearly in the order of their times, which
 * never change, and an index finds those that are out of order (db/migrations/0002_events.sql).
 */
const largeTables = {
  e: { table: "events", column: "occurred_at" },
  a: { table: "activations", column: "activated_at" },
  l: { table: "licenses", column: "created_at" },
} as const;

/**
 * The times of tables that are read whole in a few tens of milliseconds, 200,000 customers at most, or whose lists are in the
 * order of the time by an index.
 */
type OtherTime =
  | "c.created_at"
  | "i.created_at"
  | "j.requested_at"
  | "n.found_at"
  | "r.started_at"
  | "u.created_at";

/** A range of times, as a request says it. */
interface Period {
  /** Inclusive; absent: from the beginning. */
  since?: string;
  /** Exclusive; absent: to the end. */
  until?: string;
}

/** The condition that a time lies in a period, for other tables than `inPeriodOf`; null where the period has no bounds. */
export function inPeriod(
  ctx: Pick<Context, "db">,
  column: OtherTime,
  { since, until }: Period,
): Fragment | null {
  const time = ctx.db.unsafe(column);
  const conditions = [
    since === undefined ? null : ctx.db`${time} >= ${new Date(since)}`,
    until === undefined ? null : ctx.db`${time} < ${new Date(until)}`,
  ];
  return since === undefined && until === undefined ? null : allOf(ctx, conditions);
}

/**
 * The conditions that a row of a large table lies in a period. Its ids are bounded too: the rows of a page are read in the
 * order of ids, and those that are too young or too old would be read and skipped, however many there are.
 *
 * @param row its name in the list
 */
export async function inPeriodOf(
  ctx: Pick<Context, "db">,
  row: keyof typeof largeTables,
  period: Period,
): Promise<Fragment[]> {
  const since = period.since === undefined ? null : new Date(period.since);
  const until = period.until === undefined ? null : new Date(period.until);
  if (!since && !until) return [];
  const { table, column } = largeTables[row];
  const [{ first, last }] = await ctx.db<{ first: number; last: number }[]>`
    select first_id_since(${table}::text::regclass, ${column}, ${since}, id_at(${table}::text::regclass, ${column}, ${since})) as first,
      last_id_before(${table}::text::regclass, ${column}, ${until}, id_at(${table}::text::regclass, ${column}, ${until})) as last`;
  const [id, time] = [ctx.db.unsafe(`${row}.id`), ctx.db.unsafe(`${row}.${column}`)];
  return [
    ...(since ? [ctx.db`${time} >= ${since} and ${id} >= ${first}`] : []),
    ...(until ? [ctx.db`${time} < ${until} and ${id} <= ${last}`] : []),
  ];
}
