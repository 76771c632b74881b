// The health check of a worker: load, queues, database. It runs by a timer and not by the queues, because it has to
// detect when the queues stop.
import { hostname } from "node:os";
import type { Queue } from "bullmq";
import { isUnavailable } from "../db/connect.ts";
import type { Context } from "../server/domain/context.ts";
import type { Measurements } from "../server/domain/monitoring/alert_conditions.ts";
import { checkHealth } from "../server/domain/monitoring/health_check.ts";
import { describeError, type Log } from "../server/request/log.ts";
import type { Outage } from "./outage.ts";
import type { WorkerTiming } from "./timing.ts";

/**
 * Runs health checks until it is stopped.
 *
 * @param openContext opens a context of the system
 */
export function startHealthChecks(
  openContext: () => Promise<Context>,
  { queues, outages, log, publicUrl, timing: { healthCheckInterval, redisTimeout } }: {
    queues: Queue[];
    /** The address of the panel. */
    publicUrl: string;
    outages: { database: Outage; redis: Outage };
    log: Log;
    timing: WorkerTiming;
  },
): { stop(): Promise<void> } {
  let databaseDownSince: number | null = null;
  let running: Promise<void> | null = null;

  async function check(): Promise<void> {
    const counts = await countJobs();
    // A Redis that hangs closes no connection.
    if (counts === null) outages.redis.failed(new Error(`no answer within ${redisTimeout} ms`));
    else outages.redis.succeeded();
    const began = performance.now();
    try {
      const ctx = await openContext();
      const databaseMs = performance.now() - began;
      await checkHealth(ctx, {
        machine: hostname(),
        loadPerCore: Deno.loadavg()[0] / navigator.hardwareConcurrency,
        queues: counts,
        databaseMs,
        databaseDownMs: databaseDownSince === null ? 0 : performance.now() - databaseDownSince,
      }, `${publicUrl}/monitoring`);
      databaseDownSince = null;
      outages.database.succeeded(began);
    } catch (error) {
      databaseDownSince ??= began;
      if (isUnavailable(error)) outages.database.failed(error);
      else log.error("health check failed", describeError(error));
    }
  }

  async function countJobs(): Promise<Measurements["queues"]> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<null>((resolve) => timer = setTimeout(() => resolve(null), redisTimeout));
    const counts = Promise.all(queues.map(async (queue) => {
      const { waiting, active, delayed, failed } = await queue.getJobCounts(
        "waiting",
        "active",
        "delayed",
        "failed",
      );
      return [queue.name, { waiting, active, delayed, failed }] as const;
    })).then((entries) => Object.fromEntries(entries), () => null);
    return await Promise.race([counts, timeout]).finally(() => clearTimeout(timer));
  }

  const run = () => {
    running ??= check().finally(() => running = null);
  };
  const timer = setInterval(run, healthCheckInterval);
  run();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
