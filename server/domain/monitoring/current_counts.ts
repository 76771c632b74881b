// Numbers that a worker counts, because counting reads every license or machine. Each has the time it was counted at, which
// is shown with it.
import { type Context, inTransaction } from "../context.ts";

/** A row of `current_counts`. */
export interface CurrentCountRow {
  measure: CountedMeasure;
  /** The product or plan it belongs to; 0: all. */
  subjectId: number;
  /** The version of the app, or the day; empty in other measures. */
  label: string;
  value: number;
  countedAt: Date;
}

/**
 * What is counted: licenses that can be used, active activations, seats in use; licenses of a product and of a plan; licenses
 * that expire on a day; machines by version, counted or estimated from a sample, and those on versions that are not listed.
 */
export type CountedMeasure =
  | "licenses.active"
  | "activations.active"
  | "seats.active"
  | "licenses.of_product"
  | "licenses.of_plan"
  | "licenses.expiring"
  | "machines.counted"
  | "machines.estimated"
  | "machines.others";

/** Up to so many rows of a table are counted for each call. */
export const COUNT_LIMIT = 10_000;

/** How many rows a table has, as PostgreSQL estimates it without reading any. */
export async function estimateRows(ctx: Context, table: "licenses" | "activations"): Promise<number> {
  const [{ estimate }] = await ctx.db<{ estimate: number }[]>`
    select greatest(reltuples, 0)::bigint as estimate
    from pg_class
    where oid = ${table}::regclass`;
  return estimate;
}

/** The kept counts of some measures. */
export async function listCurrentCounts(
  ctx: Context,
  measures: CountedMeasure[],
  subjectId: number,
): Promise<CurrentCountRow[]> {
  return await ctx.db<CurrentCountRow[]>`
    select *
    from current_counts
    where measure = any(${measures}) and subject_id = ${subjectId}
    order by value desc, label desc`;
}

/** Replaces the counts of some measures by those counted now; what is not among them is gone. */
export async function saveCurrentCounts(
  ctx: Context,
  measures: CountedMeasure[],
  counts: Omit<CurrentCountRow, "countedAt">[],
): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    await ctx.db`
      delete from current_counts
      where measure = any(${measures})`;
    await ctx.db`
      insert into current_counts (measure, subject_id, label, value, counted_at)
      select measure, "subjectId", label, value, ${ctx.now}
      from jsonb_to_recordset(${ctx.db.json(counts)})
        as counted (measure text, "subjectId" bigint, label text, value bigint)
      order by measure, "subjectId", label
      on conflict on constraint current_counts_pkey do update
      set value = excluded.value, counted_at = excluded.counted_at`;
  });
}
