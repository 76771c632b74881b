// What a worker counts: jobs by queue, name and end, deliveries by end, and what waits in its queues. Served on a port
// of its own, because a worker has no other.
import { createServer } from "node:http";
import type { Queue } from "bullmq";
import { Gauge, Histogram, Registry } from "prom-client";
import { buildInfo } from "../server/request/metrics.ts";
import type { DeliveryResult } from "../server/domain/webhooks/deliver.ts";

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

/** Counters of one worker. */
export function createWorkerMetrics(queues: Queue[]) {
  const registry = new Registry();
  const registers = [registry];
  const jobs = new Histogram({
    name: "latchkey_job_duration_seconds",
    help: "Time a job took, by queue, name and how it ended",
    labelNames: ["queue", "job", "ended"] as const,
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30],
    registers,
  });
  const deliveries = new Histogram({
    name: "latchkey_webhook_attempt_duration_seconds",
    help: "Time an endpoint took to answer a webhook, by the answer's status",
    labelNames: ["status"] as const,
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  new Gauge({
    name: "latchkey_queue_jobs",
    help: "Jobs in a queue, by state",
    labelNames: ["queue", "state"] as const,
    registers,
    async collect() {
      for (const queue of queues) {
        const counts = await queue.getJobCounts("waiting", "active", "delayed", "failed");
        for (const [state, count] of Object.entries(counts)) this.set({ queue: queue.name, state }, count);
      }
    },
  });
  buildInfo(registry);
  new Gauge({
    name: "latchkey_process_resident_memory_bytes",
    help: "Resident memory of this process",
    registers,
    collect() {
      this.set(Deno.memoryUsage().rss);
    },
  });
  return {
    registry,
    job: (queue: string, job: string, ended: "done" | "failed", milliseconds: number) =>
      jobs.observe({ queue, job, ended }, milliseconds / 1000),
    delivered: (ended: DeliveryResult, milliseconds: number) =>
      deliveries.observe({ status: "status" in ended ? String(ended.status) : "none" }, milliseconds / 1000),
  };
}

/**
 * Serves the metrics.
 *
 * @param options.token who reads them must send it; undefined lets anyone
 * @param options.available whether Redis answers, without which the queues cannot be counted
 */
export async function serveMetrics(
  { registry }: WorkerMetrics,
  options: { host: string; port: number; token?: string; available(): boolean },
): Promise<{ port: number; close(): void }> {
  const server = createServer(async (request, response) => {
    if (new URL(request.url ?? "/", "http://worker").pathname !== "/metrics") {
      return response.writeHead(404).end();
    }
    if (options.token && request.headers.authorization !== `Bearer ${options.token}`) {
      return response.writeHead(401).end("Send the METRICS_TOKEN of the configuration as a bearer token.\n");
    }
    if (!options.available()) return response.writeHead(503).end("Redis does not answer.\n");
    response.writeHead(200, { "content-type": registry.contentType }).end(await registry.metrics());
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
