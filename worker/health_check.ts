// A worker's look around: load, queues, database. It goes by a clock of its own and not by the queues, since it has to
// notice when these stand still.
import { hostname } from "node:os";
import type { Queue } from "bullmq";
import type { Context } from "../server/domain/context.ts";
import type { Measured } from "../server/domain/monitoring/trouble.ts";
import { checkHealth } from "../server/domain/monitoring/health_check.ts";
import { describeError, type Log } from "../server/request/log.ts";

/** How often it looks, and how long Redis may take to answer; milliseconds. */
const EVERY = 15_000;
const PATIENCE = 2000;

/**
 * Looks around until it is stopped.
 *
 * @param context a fresh context of the system
 */
export function startHealthChecks(
  context: () => Promise<Context>,
  { queues, log }: { queues: Queue[]; log: Log },
): { stop(): Promise<void> } {
  let awaySince: number | null = null;
  let looking: Promise<void> | null = null;

  async function look(): Promise<void> {
    const counted = await countJobs();
    const began = performance.now();
    try {
      const ctx = await context();
      const took = performance.now() - began;
      await checkHealth(ctx, {
        machine: hostname(),
        loadPerCore: Deno.loadavg()[0] / navigator.hardwareConcurrency,
        queues: counted,
        databaseTook: took,
        databaseWasAway: awaySince === null ? 0 : performance.now() - awaySince,
      });
      awaySince = null;
    } catch (error) {
      awaySince ??= began;
      log.warn("could not look around", { ...describeError(error), stack: undefined });
    }
  }

  async function countJobs(): Promise<Measured["queues"]> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<null>((resolve) => timer = setTimeout(() => resolve(null), PATIENCE));
    const counted = Promise.all(queues.map(async (queue) => {
      const { waiting, active, delayed, failed } = await queue.getJobCounts(
        "waiting",
        "active",
        "delayed",
        "failed",
      );
      return [queue.name, { waiting, active, delayed, failed }] as const;
    })).then((counts) => Object.fromEntries(counts), () => null);
    return await Promise.race([counted, late]).finally(() => clearTimeout(timer));
  }

  const lookAgain = () => {
    looking ??= look().finally(() => looking = null);
  };
  const timer = setInterval(lookAgain, EVERY);
  lookAgain();
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
