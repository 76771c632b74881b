// Statistics over time. Each event is counted once, in the hour and on the day it happened; states are saved as they are at
// the end of the hour or day. Charts read them.
import { type Context, inTransaction } from "../context.ts";
import { dayOf } from "../calendar.ts";
import { consumeHeartbeatCounts } from "../activations/heartbeat_writes.ts";
import { readEvents } from "../events/readers.ts";
import { type CurrentCountRow, saveCurrentCounts } from "./current_counts.ts";
import type { measures } from "./inputs.ts";
import { usableOn } from "../policy/conditions.ts";

/** A row of `statistics`. */
export interface StatisticRow {
  span: Span;
  /** An event's type, or one of `measures`. */
  measure: string;
  startsAt: Date;
  value: number;
}

export type Span = "hour" | "day";

/** The number of active licenses, activations and sessions at a moment. */
export interface StateCounts {
  activeLicenses: number;
  totalActivations: number;
  activeSessions: number;
}

/** The measure of each state. */
export const states = {
  activeLicenses: "licenses.active",
  totalActivations: "activations.active",
  activeSessions: "seats.active",
} as const satisfies Record<keyof StateCounts, Measure & CurrentCountRow["measure"]>;

type Measure = typeof measures[number];
const heartbeats: Measure = "heartbeats";

/** Events read at a time. */
const BATCH = 5000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Brings the statistics up to date.
 *
 * @returns how many events were counted
 */
export async function rollUpStatistics(ctx: Context): Promise<number> {
  let total = 0;
  while (true) {
    const read = await readEvents(ctx, "statistics", BATCH, async (ctx, events) => {
      await addCounts(
        ctx,
        events.map(({ type, occurredAt }) => ({ measure: type, at: occurredAt, count: 1 })),
      );
    });
    total += read;
    if (read < BATCH) break;
  }
  await inTransaction(ctx, async (ctx) => {
    const counts = await consumeHeartbeatCounts(ctx);
    await addCounts(ctx, counts.map(({ at, count }) => ({ measure: heartbeats, at, count })));
  });
  const { states: counts, kept } = await countLicenses(ctx);
  await saveStates(ctx, [{ at: ctx.now, counts }]);
  await saveCurrentCounts(ctx, [...Object.values(states), "licenses.of_product", "licenses.of_plan"], kept);
  return total;
}

/** Adds counts to the hour and to the day they happened in. */
export async function addCounts(
  ctx: Context,
  counted: { measure: string; at: Date; count: number }[],
): Promise<void> {
  const sums = new Map<string, { span: Span; measure: string; startsAt: string; value: number }>();
  for (const { measure, at, count } of counted) {
    for (const span of ["hour", "day"] as const) {
      const startsAt = startOf(span, at).toISOString();
      const key = `${measure} ${span} ${startsAt}`;
      const sum = sums.get(key) ?? { span, measure, startsAt, value: 0 };
      sum.value += count;
      sums.set(key, sum);
    }
  }
  if (sums.size === 0) return;
  await ctx.db`
    insert into statistics (span, measure, starts_at, value)
    select span, measure, "startsAt", value
    from jsonb_to_recordset(${ctx.db.json([...sums.values()])})
      as sum (span text, measure text, "startsAt" timestamptz, value bigint)
    order by measure, span, "startsAt"
    on conflict on constraint statistics_pkey do update
    set value = statistics.value + excluded.value`;
}

/** Saves states in the order of time: the last one of an hour or day counts for it. */
export async function saveStates(ctx: Context, moments: { at: Date; counts: StateCounts }[]): Promise<void> {
  const saved = new Map<string, { span: Span; measure: string; startsAt: string; value: number }>();
  for (const { at, counts } of moments) {
    for (const span of ["hour", "day"] as const) {
      const startsAt = startOf(span, at).toISOString();
      for (const state of Object.keys(states) as (keyof StateCounts)[]) {
        const measure = states[state];
        saved.set(`${measure} ${span} ${startsAt}`, { span, measure, startsAt, value: counts[state] });
      }
    }
  }
  await ctx.db`
    insert into statistics (span, measure, starts_at, value)
    select span, measure, "startsAt", value
    from jsonb_to_recordset(${ctx.db.json([...saved.values()])})
      as saved (span text, measure text, "startsAt" timestamptz, value bigint)
    order by measure, span, "startsAt"
    on conflict on constraint statistics_pkey do update
    set value = excluded.value`;
}

/** Counts the states; reads every license. */
export async function countStates(ctx: Context): Promise<StateCounts> {
  return (await countLicenses(ctx)).states;
}

/** Counts the states and the licenses of each product and plan; reads every license, once. */
async function countLicenses(
  ctx: Context,
): Promise<{ states: StateCounts; kept: Omit<CurrentCountRow, "countedAt">[] }> {
  const groups = await ctx.db<
    { productId: number; planId: number | null; licenses: number; active: number; activations: number }[]
  >`
    select product_id, plan_id, count(*) as licenses,
      count(*) filter (where ${usableOn(ctx, "licenses", dayOf(ctx.now))}) as active,
      coalesce(sum(activations_in_use), 0)::bigint as activations
    from licenses
    where deleted_at is null
    group by product_id, plan_id`;
  const [{ count: activeSessions }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from seats
    where expires_at > ${ctx.now}`;
  const sumOf = (number: (group: typeof groups[number]) => number) =>
    groups.reduce((sum, group) => sum + number(group), 0);
  const counts: StateCounts = {
    activeLicenses: sumOf(({ active }) => active),
    totalActivations: sumOf(({ activations }) => activations),
    activeSessions,
  };
  const perSubject = (measure: CurrentCountRow["measure"], subject: "productId" | "planId") =>
    [...Map.groupBy(groups, (group) => group[subject])].flatMap(([subjectId, of]) =>
      subjectId === null
        ? []
        : [{ measure, subjectId, label: "", value: of.reduce((sum, { licenses }) => sum + licenses, 0) }]
    );
  return {
    states: counts,
    kept: [
      ...(Object.keys(states) as (keyof StateCounts)[]).map((state) => ({
        measure: states[state],
        subjectId: 0,
        label: "",
        value: counts[state],
      })),
      ...perSubject("licenses.of_product", "productId"),
      ...perSubject("licenses.of_plan", "planId"),
    ],
  };
}

function startOf(span: Span, at: Date): Date {
  const length = span === "hour" ? HOUR : DAY;
  return new Date(Math.floor(at.getTime() / length) * length);
}

/** Numbers for a chart, in the order of time. Hours and days without counts are left out. */
export async function listStatistics(
  ctx: Context,
  wanted: { measures: string[]; span: Span; since: Date; until?: Date },
): Promise<StatisticRow[]> {
  return await ctx.db<StatisticRow[]>`
    select *
    from statistics
    where measure = any(${wanted.measures}) and span = ${wanted.span}
      and starts_at >= ${wanted.since} and starts_at <= ${wanted.until ?? ctx.now}
    order by starts_at, measure`;
}

/**
 * Prunes hourly statistics older than the retention setting; daily statistics are retained.
 *
 * @returns how many
 */
export async function pruneStatistics(ctx: Context): Promise<number> {
  const before = new Date(ctx.now.getTime() - ctx.settings.keepStatisticsFor * DAY);
  const pruned = await ctx.db`
    delete from statistics
    where span = 'hour' and starts_at < ${before}`;
  return pruned.count;
}
