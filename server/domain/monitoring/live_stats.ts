// The current numbers and alerts.
import { countHeartbeats } from "../activations/heartbeat_writes.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { listAlerts, type Severity } from "./alerts.ts";
import { COUNT_LIMIT, estimateRows, listCurrentCounts } from "./current_counts.ts";
import { countStates, type StateCounts, states } from "./statistics.ts";
import { findLastHealthCheck, isWorkerDown } from "./health_check.ts";

export interface LiveStats {
  at: Date;
  metrics: StateCounts & { heartbeatsPerMinute: number };
  /** When licenses, activations and sessions were counted; null: at the same time. */
  countedAt: Date | null;
  alerts: { severity: Severity; message: string; since: Date }[];
}

/** Counts and alerts. With many licenses the counts are those of the worker, which counts every minute. */
export async function getLiveStats(ctx: Context): Promise<LiveStats> {
  requireRole(ctx, "viewer");
  const [{ counts, countedAt }, heartbeatsPerMinute, alerts, lastCheckAt] = await Promise.all([
    readStates(ctx),
    countHeartbeats(ctx),
    listAlerts(ctx),
    findLastHealthCheck(ctx),
  ]);
  const known = alerts.map(({ severity, message, raisedAt }) => ({ severity, message, since: raisedAt }));
  return {
    at: ctx.now,
    metrics: { ...counts, heartbeatsPerMinute },
    countedAt,
    alerts: isWorkerDown(ctx, lastCheckAt)
      ? [{ severity: "critical", message: "No worker is running", since: lastCheckAt ?? ctx.now }, ...known]
      : known,
  };
}

/** The states, and when they were counted; null: just now. */
async function readStates(ctx: Context): Promise<{ counts: StateCounts; countedAt: Date | null }> {
  if (await estimateRows(ctx, "licenses") > COUNT_LIMIT) {
    const kept = await listCurrentCounts(ctx, Object.values(states), 0);
    if (kept.length === Object.keys(states).length) {
      const valueOf = (state: keyof StateCounts) =>
        kept.find(({ measure }) => measure === states[state])!.value;
      return {
        counts: {
          activeLicenses: valueOf("activeLicenses"),
          totalActivations: valueOf("totalActivations"),
          activeSessions: valueOf("activeSessions"),
        },
        countedAt: kept[0].countedAt,
      };
    }
  }
  // No worker has counted yet when there are many.
  return { counts: await countStates(ctx), countedAt: null };
}
