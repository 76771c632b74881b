// The current numbers and alerts.
import { countHeartbeats } from "../activations/heartbeat_writes.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { listAlerts, type Severity } from "./alerts.ts";
import { countStates, type StateCounts, states } from "./statistics.ts";
import { findLastHealthCheck, isWorkerDown } from "./health_check.ts";

export interface LiveStats {
  at: Date;
  metrics: StateCounts & { heartbeatsPerMinute: number };
  alerts: { severity: Severity; message: string; since: Date }[];
}

/** Up to so many licenses are counted for each call; more would take too long. */
const COUNT_LIMIT = 50_000;

/** Counts and alerts. With many licenses the counts are those of the last roll-up, at most a minute old. */
export async function getLiveStats(ctx: Context): Promise<LiveStats> {
  requireRole(ctx, "viewer");
  const [counts, heartbeatsPerMinute, alerts, lastCheckAt] = await Promise.all([
    readStates(ctx),
    countHeartbeats(ctx),
    listAlerts(ctx),
    findLastHealthCheck(ctx),
  ]);
  const known = alerts.map(({ severity, message, raisedAt }) => ({ severity, message, since: raisedAt }));
  return {
    at: ctx.now,
    metrics: { ...counts, heartbeatsPerMinute },
    alerts: isWorkerDown(ctx, lastCheckAt)
      ? [{ severity: "critical", message: "No worker is running", since: lastCheckAt ?? ctx.now }, ...known]
      : known,
  };
}

async function readStates(ctx: Context): Promise<StateCounts> {
  // PostgreSQL's own estimate, which reads no rows.
  const [{ estimate }] = await ctx.db<{ estimate: number }[]>`
    select reltuples::bigint as estimate
    from pg_class
    where oid = 'licenses'::regclass`;
  if (estimate <= COUNT_LIMIT) return await countStates(ctx);
  const rows = await ctx.db<{ measure: string; value: number }[]>`
    select distinct on (measure) measure, value
    from statistics
    where measure = any(${Object.values(states)}) and span = 'hour'
    order by measure, span, starts_at desc`;
  if (rows.length < Object.keys(states).length) return await countStates(ctx);
  const valueOf = (state: keyof StateCounts) => rows.find(({ measure }) => measure === states[state])!.value;
  return {
    activeLicenses: valueOf("activeLicenses"),
    totalActivations: valueOf("totalActivations"),
    activeSessions: valueOf("activeSessions"),
  };
}
