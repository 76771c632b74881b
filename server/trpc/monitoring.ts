// Health, first steps and live statistics.
import { tracked } from "@trpc/server";
import { getFirstSteps } from "../domain/monitoring/first_steps.ts";
import { getHealth } from "../domain/monitoring/health.ts";
import { getLiveStats } from "../domain/monitoring/live_stats.ts";
import { contexts, resumed, shareResult, subscription } from "./live.ts";
import { router, viewer } from "./trpc.ts";

/** How often live statistics are counted, once for all who watch them; milliseconds. */
const LIVE_INTERVAL = 2000;
const sharedLiveStats = shareResult(LIVE_INTERVAL / 2, getLiveStats);

export const monitoringRouter = router({
  /** The state of the system's parts. Without the database the server answers 503 here as everywhere. */
  health: viewer.query(async ({ ctx: { ctx, request } }) => ({
    server: { startedAt: request.services.startedAt },
    redis: { up: request.services.limiter.isConnected() },
    ...await getHealth(ctx, () => performance.now()),
  })),
  /** The first steps of a new installation, until the first validation succeeds. */
  firstSteps: viewer.query(({ ctx: { ctx } }) => getFirstSteps(ctx)),
  liveStats: viewer.query(({ ctx: { ctx } }) => getLiveStats(ctx)),
  /** Live statistics, whenever they change. */
  live: viewer.input(resumed).subscription(subscription(async function* ({ ctx: call, signal }) {
    let sent = "";
    for await (const ctx of contexts(call, LIVE_INTERVAL, signal)) {
      const { at, ...stats } = await sharedLiveStats(ctx);
      const counted = JSON.stringify(stats);
      yield counted === sent ? [] : [tracked(at.toISOString(), { at, ...stats })];
      sent = counted;
    }
  })),
});
