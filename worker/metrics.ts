// The metrics of a worker: jobs, attempts at deliveries, and jobs waiting in the queues. They are served on a port of their
// own, because a worker has no other.
import { createServer, STATUS_CODES } from "node:http";
import type { Queue } from "bullmq";
import type { Clock } from "../db/clock.ts";
import { queueNames } from "../server/domain/monitoring/queues.ts";
import { createMetricRegistry } from "../server/request/metric_registry.ts";
import { addProcess } from "../server/request/metrics.ts";
import { jobs } from "./schedule.ts";
import type { DeliveryResult } from "../server/domain/webhooks/deliver.ts";

/** States of jobs in a queue. */
const states = ["waiting", "active", "delayed", "failed"] as const;

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

/** The metrics of one worker. */
export function createWorkerMetrics(queues: Queue[], clock: Clock) {
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
  registry.readGauge({
    name: "latchkey_queue_jobs",
    help: "Jobs in a queue, by state",
    labels: { queue: queueNames, state: [...states] },
  }, async () => {
    const counts = await Promise.all(queues.map(async (queue) => ({
      queue: queue.name,
      counts: await queue.getJobCounts(...states),
    })));
    return counts.flatMap(({ queue, counts }) =>
      Object.entries(counts).map(([state, count]): [{ queue: string; state: string }, number] => [
        { queue, state },
        count,
      ])
    );
  });
  addProcess(registry, clock);
  return {
    registry,
    countJob: (queue: string, job: string, result: "done" | "failed", milliseconds: number) =>
      finished({ queue, job, result }).observe(milliseconds / 1000),
    countDelivery: (result: DeliveryResult, milliseconds: number) =>
      deliveries({ status: "status" in result ? String(result.status) : "none" }).observe(
        milliseconds / 1000,
      ),
  };
}

/**
 * Serves the metrics, and `/health` for whatever restarts a worker that no longer answers.
 *
 * @param options.token the bearer token that readers must send; undefined: anyone may read
 * @param options.isAvailable whether Redis answers, without which the queues cannot be counted
 */
export async function serveMetrics(
  { registry }: WorkerMetrics,
  options: { host: string; port: number; token?: string; isAvailable(): boolean },
): Promise<{ port: number; close(): void }> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://worker");
    // Liveness: a worker that answers is not restarted because a database is down.
    if (pathname === "/health") return response.writeHead(200).end("ok\n");
    if (pathname !== "/metrics") return response.writeHead(404).end();
    if (options.token && request.headers.authorization !== `Bearer ${options.token}`) {
      return response.writeHead(401).end("Send the METRICS_TOKEN of the configuration as a bearer token.\n");
    }
    if (!options.isAvailable()) return response.writeHead(503).end("Redis does not answer.\n");
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
