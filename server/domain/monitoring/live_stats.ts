// How the house is doing right now.
import { countHeartbeats } from "../activations/heartbeat_writes.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { listAlerts, type Severity } from "./alerts.ts";
import { states, type Stock, takeStock } from "./statistics.ts";
import { isSilent, lastHealthCheck } from "./health_check.ts";

export interface LiveStats {
  at: Date;
  metrics: Stock & { heartbeatsPerMinute: number };
  alerts: { severity: Severity; message: string; since: Date }[];
}

/** Up to so many licenses are counted when asked for; more would keep the asker waiting. */
const COUNTED = 50_000;

/** Counts and alerts as they stand. In a large house the counts are those of the last roll-up, a minute old at most. */
export async function getLiveStats(ctx: Context): Promise<LiveStats> {
  requireRole(ctx, "viewer");
  const [stock, heartbeatsPerMinute, alerts, watched] = await Promise.all([
    readStock(ctx),
    countHeartbeats(ctx),
    listAlerts(ctx),
    lastHealthCheck(ctx),
  ]);
  const known = alerts.map(({ severity, message, raisedAt }) => ({ severity, message, since: raisedAt }));
  return {
    at: ctx.now,
    metrics: { ...stock, heartbeatsPerMinute },
    alerts: isSilent(ctx, watched)
      ? [{ severity: "critical", message: "No worker is running", since: watched ?? ctx.now }, ...known]
      : known,
  };
}

async function readStock(ctx: Context): Promise<Stock> {
  // PostgreSQL's own estimate, which costs nothing.
  const [{ estimate }] = await ctx.db<{ estimate: number }[]>`
    select reltuples::bigint as estimate
    from pg_class
    where oid = 'licenses'::regclass`;
  if (estimate <= COUNTED) return await takeStock(ctx);
  const rows = await ctx.db<{ measure: string; value: number }[]>`
    select distinct on (measure) measure, value
    from statistics
    where measure = any(${Object.values(states)}) and span = 'hour'
    order by measure, span, starts_at desc`;
  if (rows.length < Object.keys(states).length) return await takeStock(ctx);
  const valueOf = (state: keyof Stock) => rows.find(({ measure }) => measure === states[state])!.value;
  return {
    activeLicenses: valueOf("activeLicenses"),
    totalActivations: valueOf("totalActivations"),
    activeSessions: valueOf("activeSessions"),
  };
}
