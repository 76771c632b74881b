// Workers for tests: in this process, or in a child process that can be killed.
import { complete, type Config, readEnvironment } from "../../server/config.ts";
import * as dialects from "../../server/dialects/all.ts";
import { webhookFormatsOf } from "../../server/request/dialect_module.ts";
import { type Log, openLog } from "../../server/request/log.ts";
import { type WorkerTiming, workerTiming } from "../../worker/timing.ts";
import { type RunningWorker, startWorker } from "../../worker/worker.ts";
import type { TestStores } from "./database.ts";
import { testSecrets } from "./secrets.ts";
import { stopAtEnd } from "./test.ts";

const variables = {
  HOST: "127.0.0.1",
  WORKER_METRICS_PORT: "0",
  WEBHOOK_ALLOWED_ADDRESSES: "127.0.0.0/8",
  ...testSecrets,
};

/** The configuration of a worker on these stores. */
export function workerConfig(stores: TestStores, more: Record<string, string> = {}): Config {
  return complete({
    ...readEnvironment({ ...variables, ...more }),
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: more.REDIS_URL ?? stores.redisUrl,
    ...testSecrets,
  });
}

/** Starts a worker in this process. */
export async function startTestWorker(
  stores: TestStores,
  more: Record<string, string> = {},
  only: string[] = [],
  { timing = {}, log = openLog("warn") }: { timing?: Partial<WorkerTiming>; log?: Log } = {},
): Promise<RunningWorker> {
  const times = { ...workerTiming, ...timing };
  const worker = await startWorker(workerConfig(stores, more), log, webhookFormatsOf(dialects), only, times);
  return { ...worker, stop: stopAtEnd(() => worker.stop()) };
}

export interface WorkerProcess {
  /** Kills it with SIGKILL. */
  kill(): Promise<void>;
  /** Stops it and returns its exit code. */
  stop(): Promise<number>;
}

/**
 * Starts a worker in a child process.
 *
 * @param file the program of `deno task worker`, or one with short leases
 */
export function spawnWorker(
  stores: TestStores,
  file: "worker/main.ts" | "tests/support/worker_main.ts" = "worker/main.ts",
): WorkerProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", file],
    env: { ...variables, DATABASE_URL: stores.databaseUrl, REDIS_URL: stores.redisUrl, LOG_LEVEL: "off" },
    stdout: "null",
  }).spawn();
  const end = async (signal: Deno.Signal) => {
    child.kill(signal);
    return (await child.status).code;
  };
  return { kill: async () => void await end("SIGKILL"), stop: () => end("SIGTERM") };
}
