// The metrics of a worker: jobs, attempts at deliveries, and jobs waiting in the queues. They are served on a port of their
// own, because a worker has no other.
import { createServer } from "node:http";
import type { Queue } from "bullmq";
import { Gauge, Histogram, Registry } from "prom-client";
import { buildInfo } from "../server/request/metrics.ts";
import type { DeliveryResult } from "../server/domain/webhooks/deliver.ts";

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

/** The metrics of one worker. */
export function createWorkerMetrics(queues: Queue[]) {
  const registry = new Registry();
  const registers = [registry];
  const jobs = new Histogram({
    name: "latchkey_job_duration_seconds",
    help: "Duration of jobs by queue, name and result",
    labelNames: ["queue", "job", "result"] as const,
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30],
    registers,
  });
  const deliveries = new Histogram({
    name: "latchkey_webhook_attempt_duration_seconds",
    help: "Duration of webhook requests by the status of the answer",
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
    countJob: (queue: string, job: string, result: "done" | "failed", milliseconds: number) =>
      jobs.observe({ queue, job, result }, milliseconds / 1000),
    countDelivery: (result: DeliveryResult, milliseconds: number) =>
      deliveries.observe({ status: statusLabel(result) }, milliseconds / 1000),
  };
}

/** The status of an answer. An endpoint may answer with any number, so those that are no HTTP status share a label. */
function statusLabel(result: DeliveryResult): string {
  if (!("status" in result)) return "none";
  return result.status >= 100 && result.status <= 599 ? String(result.status) : "other";
}

/**
 * Serves the metrics.
 *
 * @param options.token the bearer token that readers must send; undefined: anyone may read
 * @param options.isAvailable whether Redis answers, without which the queues cannot be counted
 */
export async function serveMetrics(
  { registry }: WorkerMetrics,
  options: { host: string; port: number; token?: string; isAvailable(): boolean },
): Promise<{ port: number; close(): void }> {
  const server = createServer(async (request, response) => {
    if (new URL(request.url ?? "/", "http://worker").pathname !== "/metrics") {
      return response.writeHead(404).end();
    }
    if (options.token && request.headers.authorization !== `Bearer ${options.token}`) {
      return response.writeHead(401).end("Send the METRICS_TOKEN of the configuration as a bearer token.\n");
    }
    if (!options.isAvailable()) return response.writeHead(503).end("Redis does not answer.\n");
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
