// The metrics of a worker: jobs, attempts at deliveries, and jobs waiting in the queues. They are served on a port of their
// own, because a worker has no other.
import { createServer, STATUS_CODES } from "node:http";
import type { Queue } from "bullmq";
import type { Clock } from "../db/clock.ts";
import type { PoolUsage } from "../db/pool.ts";
import type { SystemState } from "../server/domain/monitoring/system_state.ts";
import { queueNames } from "../server/domain/monitoring/queues.ts";
import { createMetricRegistry } from "../server/request/metric_registry.ts";
import { addProcess } from "../server/request/metrics.ts";
import { jobs } from "./schedule.ts";
import { addSystemMetrics, readInTime } from "./system_metrics.ts";
import type { DeliveryResult } from "../server/domain/webhooks/deliver.ts";

/** States of jobs in a queue. */
const states = ["waiting", "active", "delayed", "failed"] as const;

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

/** What a worker has that is measured. */
export interface MeasuredWorker {
  queues: Queue[];
  clock: Clock;
  pool: PoolUsage;
  /** Without Redis the queues cannot be counted. */
  isRedisUp(): boolean;
  readState(): Promise<SystemState>;
}

/** The metrics of one worker. `close` stops measuring. */
export function createWorkerMetrics({ queues, clock, pool, isRedisUp, readState }: MeasuredWorker) {
  const registry = createMetricRegistry();
  const finished = registry.histogram({
    name: "latchkey_job_duration_seconds",
    help: "Duration of jobs by queue, name and result",
    labels: { queue: queueNames, job: jobs.map(({ name }) => name), result: ["done", "failed"] },
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30],
  });
  const deliveries = registry.histogram({
    name: "latchkey_webhook_attempt_duration_seconds",
    help: "Duration of webhook requests by the status of the answer",
    labels: { status: ["none", ...Object.keys(STATUS_CODES)] },
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10],
  });
  /** Something of each queue; nothing while Redis does not answer. */
  async function readQueues<T>(read: (queue: Queue) => Promise<T>): Promise<[queue: string, found: T][]> {
    if (!isRedisUp()) return [];
    return await readInTime(() =>
      Promise.all(queues.map(async (queue): Promise<[string, T]> => [queue.name, await read(queue)]))
    ) ?? [];
  }
  registry.readGauge({
    name: "latchkey_queue_jobs",
    help: "Jobs in a queue, by state",
    labels: { queue: queueNames, state: [...states] },
  }, async () => {
    const counts = await readQueues((queue) => queue.getJobCounts(...states));
    return counts.flatMap(([queue, counts]) =>
      Object.entries(counts).map(([state, count]): [{ queue: string; state: string }, number] => [
        { queue, state },
        count,
      ])
    );
  });
  registry.readGauge(
    {
      name: "latchkey_queue_oldest_seconds",
      help: "How long the oldest job of a queue has been waiting",
      labels: { queue: queueNames },
    },
    async () => {
      const ages = await readQueues((queue) => oldestIn(queue, clock));
      return ages.map(([queue, age]) => [{ queue }, age]);
    },
  );
  addSystemMetrics(registry, readState);
  return {
    registry,
    close: addProcess(registry, { clock, pool }),
    countJob: (queue: string, job: string, result: "done" | "failed", milliseconds: number) =>
      finished({ queue, job, result }).observe(milliseconds / 1000),
    countDelivery: (result: DeliveryResult, milliseconds: number) =>
      deliveries({ status: "status" in result ? String(result.status) : "none" }).observe(
        milliseconds / 1000,
      ),
  };
}

/** The age of the job that has waited longest; seconds. BullMQ notes the time of the machine that enqueued it. */
async function oldestIn(queue: Queue, clock: Clock): Promise<number> {
  const [oldest] = await queue.getJobs(["waiting"], 0, 0, true);
  const machineTime = clock.now().getTime() + clock.difference();
  return oldest ? Math.max(0, machineTime - oldest.timestamp) / 1000 : 0;
}

/**
 * Serves the metrics, and `/health` for whatever restarts a worker that no longer answers.
 *
 * @param options.token the bearer token that readers must send; undefined: anyone may read
 */
export async function serveMetrics(
  { registry }: WorkerMetrics,
  options: { host: string; port: number; token?: string },
): Promise<{ port: number; close(): void }> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://worker");
    // Liveness: a worker that answers is not restarted because a database is down.
    if (pathname === "/health") return response.writeHead(200).end("ok\n");
    if (pathname !== "/metrics") return response.writeHead(404).end();
    if (options.token && request.headers.authorization !== `Bearer ${options.token}`) {
      return response.writeHead(401).end("Send the METRICS_TOKEN of the configuration as a bearer token.\n");
    }
    response.writeHead(200, { "content-type": registry.contentType }).end(await registry.render());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : options.port,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
