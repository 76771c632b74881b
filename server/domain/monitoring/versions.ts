// The versions of the apps in use, by active activations. With many machines a worker counts them, of very many a sample.
import type { z } from "zod";
import type { Context } from "../context.ts";
import { readAnywhere } from "../replica.ts";
import { requireRole } from "../authorization.ts";
import {
  COUNT_LIMIT,
  type CountedMeasure,
  type CurrentCountRow,
  estimateRows,
  listCurrentCounts,
  saveCurrentCounts,
} from "./current_counts.ts";
import type { versionsQuery } from "./inputs.ts";

export interface VersionsInUse {
  /** The most used first; null: machines that never reported a version. */
  versions: { version: string | null; machines: number }[];
  /** Machines on versions that are not listed. */
  others: number;
  /** Whether the numbers are estimated from a sample. */
  isEstimate: boolean;
  /** When they were counted; null: just now. */
  countedAt: Date | null;
}

/** Versions that are listed. */
const LISTED = 50;
/** Up to so many machines are counted by the worker; of more, a sample of so many. */
const SAMPLE = 500_000;

const measures: CountedMeasure[] = ["machines.counted", "machines.estimated", "machines.others"];

/** The versions in use, of one product or of all. */
export async function getVersionsInUse(
  ctx: Context,
  query: z.infer<typeof versionsQuery>,
): Promise<VersionsInUse> {
  requireRole(ctx, "viewer");
  return await readAnywhere(ctx, (ctx) => findVersionsInUse(ctx, query));
}

async function findVersionsInUse(ctx: Context, query: z.infer<typeof versionsQuery>): Promise<VersionsInUse> {
  const subjectId = query.productId ?? 0;
  const estimate = await estimateRows(ctx, "activations");
  if (estimate > COUNT_LIMIT) {
    const kept = await listCurrentCounts(ctx, measures, subjectId);
    if (kept.length > 0) return { ...versionsOf(kept), countedAt: kept[0].countedAt };
  }
  // No worker has counted yet when there are many.
  const counted = await countVersions(ctx, { estimate, most: COUNT_LIMIT });
  return { ...versionsOf(counted.filter((row) => row.subjectId === subjectId)), countedAt: null };
}

type Counted = Omit<CurrentCountRow, "countedAt">;

function versionsOf(rows: Counted[]): Omit<VersionsInUse, "countedAt"> {
  const listed = rows.filter(({ measure }) => measure !== "machines.others");
  return {
    versions: listed.map(({ label, value }) => ({ version: label || null, machines: value })),
    others: rows.find(({ measure }) => measure === "machines.others")?.value ?? 0,
    isEstimate: listed.some(({ measure }) => measure === "machines.estimated"),
  };
}

/**
 * Counts the machines by version, for all products together and for each, and keeps the numbers.
 *
 * @returns how many numbers there are
 */
export async function keepVersionsInUse(ctx: Context): Promise<number> {
  const estimate = await estimateRows(ctx, "activations");
  const counted = await countVersions(ctx, { estimate, most: SAMPLE });
  await saveCurrentCounts(ctx, measures, counted);
  return counted.length;
}

/**
 * Counts the machines by version, the most used first.
 *
 * @param options.most of more machines, a sample of so many is counted
 */
async function countVersions(
  ctx: Context,
  { estimate, most }: { estimate: number; most: number },
): Promise<Counted[]> {
  const part = Math.min(1, most / Math.max(estimate, 1));
  // The same pages each time, so that an estimate does not change while the table stays as it is.
  const sample = part < 1 ? ctx.db`tablesample system (${100 * part}) repeatable (1)` : ctx.db``;
  const rows = await ctx.db<{ subjectId: number; rank: number; version: string; machines: number }[]>`
    with machines as (
      select l.product_id, coalesce(a.app_version, '') as app_version, count(*) as machines
      from activations a ${sample}
      join licenses l on l.id = a.license_id
      where a.is_active and l.deleted_at is null
      group by grouping sets ((l.product_id, coalesce(a.app_version, '')), (coalesce(a.app_version, '')))
    ),
    ranked as (
      select coalesce(product_id, 0) as subject_id, app_version, machines,
        row_number() over (partition by product_id order by machines desc, app_version desc) as rank
      from machines
    )
    select
      subject_id, least(rank, ${
    LISTED + 1
  }) as rank, min(app_version) as version, sum(machines)::bigint as machines
    from ranked
    group by 1, 2
    order by subject_id, rank`;
  return rows.map(({ subjectId, rank, version, machines }) => {
    const value = Math.round(machines / part);
    if (rank > LISTED) return { measure: "machines.others", subjectId, label: "", value };
    return {
      measure: part < 1 ? "machines.estimated" : "machines.counted",
      subjectId,
      label: version,
      value,
    };
  });
}
