// The metrics of a server process, and those it shares with a worker. docs/metrics.md describes each.
import type { Clock } from "../../db/clock.ts";
import type { PoolUsage } from "../../db/pool.ts";
import type { ValidationResult } from "../domain/activations/verify.ts";
import { workQueues } from "../domain/work_queue.ts";
import { version } from "../version.ts";
import type { LoggedRequests } from "./api_request_writer.ts";
import type { ServerCache } from "./cache.ts";
import { droppedLines } from "./log_writer.ts";
import { createMetricRegistry, type MetricRegistry } from "./metric_registry.ts";
import type { Readiness } from "./readiness.ts";
import type { StreamSlots } from "./stream_slots.ts";

export type Metrics = ReturnType<typeof createMetrics>;

/** The methods that are named in log and metrics; clients can send any word. */
export const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"] as const;

/** Statuses the server answers with. */
const statuses =
  "200 201 202 204 301 302 303 304 308 400 401 403 404 405 409 410 413 415 422 429 499 500 501 502 503 504"
    .split(" ");

const validationCodes: Record<ValidationResult["code"], true> = {
  VALID: true,
  GRACE_PERIOD: true,
  LICENSE_INACTIVE: true,
  LICENSE_NOT_YET_VALID: true,
  LICENSE_EXPIRED: true,
  VERSION_NOT_ENTITLED: true,
  NOT_ACTIVATED: true,
  ACTIVATION_INACTIVE: true,
};

/** How often the event loop's delay is measured; milliseconds. */
const DELAY_INTERVAL = 100;

/** What a process has that is measured. */
export interface Measured {
  apiRequests: LoggedRequests;
  clock: Clock;
  cache: Pick<ServerCache, "size" | "lookups">;
  pool: PoolUsage;
  streams: StreamSlots;
  readiness: Pick<Readiness, "names" | "last">;
}

/** The metrics of one process. `close` stops measuring. */
export function createMetrics({ apiRequests, clock, cache, pool, streams, readiness }: Measured) {
  const registry = createMetricRegistry();
  const routes = new Set<string>();
  const requests = registry.histogram({
    name: "latchkey_http_request_duration_seconds",
    help: "Time to answer a request, by route and status",
    labels: { method: [...methods, "OTHER"], route: routes, status: statuses },
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  });
  const validations = new Map<ValidationResult["code"], number>();
  registry.readCounter({
    name: "latchkey_validations_total",
    help: "Validation results of licenses, by code",
    labels: { code: Object.keys(validationCodes) },
  }, () => [...validations].map(([code, count]) => [{ code }, count]));
  registry.readGauge({
    name: "latchkey_cache_entries",
    help: "Entries in the cache of this process",
    labels: {},
  }, () => [[{}, cache.size]]);
  registry.readCounter({
    name: "latchkey_cache_lookups_total",
    help: "Look-ups in the cache of this process, by result",
    labels: { result: ["hit", "miss"] },
  }, () => [[{ result: "hit" }, cache.lookups.hits], [{ result: "miss" }, cache.lookups.misses]]);
  registry.readGauge({
    name: "latchkey_ready",
    help: "Whether a part that readiness checks is well: 1, else 0",
    labels: { check: readiness.names },
  }, () => [...readiness.last()].map(([check, { isWell }]) => [{ check }, Number(isWell)]));
  registry.readGauge({
    name: "latchkey_event_streams",
    help: "Open event streams of the panel in this process",
    labels: {},
  }, () => [[{}, streams.open]]);
  registry.readCounter({
    name: "latchkey_event_streams_refused_total",
    help: "Event streams that were refused because too many are open",
    labels: {},
  }, () => [[{}, streams.refused]]);
  registry.readCounter({
    name: "latchkey_event_streams_dropped_total",
    help: "Event streams that were ended because their reader did not keep up",
    labels: {},
  }, () => [[{}, streams.dropped]]);
  registry.readCounter({
    name: "latchkey_api_requests_logged_total",
    help: "API requests by what became of them in the request log: kept, left out by sampling, or dropped",
    labels: { result: ["kept", "sampled_out", "dropped"] },
  }, () => [
    [{ result: "kept" }, apiRequests.kept],
    [{ result: "sampled_out" }, apiRequests.sampledOut],
    [{ result: "dropped" }, apiRequests.dropped],
  ]);
  addWorkQueues(registry);
  const closeProcess = addProcess(registry, { clock, pool });

  return {
    registry,
    /** Counts a validation result. */
    validation(code: ValidationResult["code"]): void {
      validations.set(code, (validations.get(code) ?? 0) + 1);
    },
    /** Makes a route a label. Called when the server starts, never for a request. */
    declareRoute: (route: string) => void routes.add(route),
    /** Returns the function that records the requests of a declared route, with the milliseconds each took. */
    route(method: string, route: string): (status: number, milliseconds: number) => void {
      const byStatus = new Map<number, { observe(seconds: number): void }>();
      return (status, milliseconds) => {
        let series = byStatus.get(status);
        if (!series) byStatus.set(status, series = requests({ method, route, status: String(status) }));
        series.observe(milliseconds / 1000);
      };
    },
    close: closeProcess,
  };
}

/** Adds every queue of work. */
function addWorkQueues(registry: MetricRegistry): void {
  registry.readGauge({
    name: "latchkey_work_queue",
    help: "Work of this process that is running or waiting: password hashes, uploads, tables that are read",
    labels: { queue: [...workQueues.keys()], state: ["running", "waiting"] },
  }, () =>
    [...workQueues].flatMap(([queue, { running, waiting }]) => [
      [{ queue, state: "running" }, running] as [{ queue: string; state: string }, number],
      [{ queue, state: "waiting" }, waiting] as [{ queue: string; state: string }, number],
    ]));
  registry.readCounter({
    name: "latchkey_work_queue_refused_total",
    help: "Work that was refused because its queue was full",
    labels: { queue: [...workQueues.keys()] },
  }, () => [...workQueues].map(([queue, { refused }]) => [{ queue }, refused]));
}

/**
 * Adds what server and worker have in common: version, clock, memory, connections, delay.
 *
 * @returns what stops measuring
 */
export function addProcess(
  registry: MetricRegistry,
  { clock, pool }: { clock: Clock; pool: PoolUsage },
): () => void {
  registry.readGauge({
    name: "latchkey_database_pool",
    help:
      "Connections of this process that are busy or idle, and statements and transactions waiting for one",
    labels: { state: ["busy", "idle", "waiting"] },
  }, () => [
    [{ state: "busy" }, pool.busy],
    [{ state: "idle" }, pool.idle],
    [{ state: "waiting" }, pool.waiting],
  ]);
  registry.readGauge({
    name: "latchkey_clock_difference_seconds",
    help: "How far the clock of this machine is ahead of the database's",
    labels: {},
  }, () => [[{}, clock.difference() / 1000]]);
  registry.readGauge({
    name: "latchkey_build_info",
    help: "The version of the program; the value is always 1",
    labels: { version: [version] },
  }, () => [[{ version }, 1]]);
  registry.readGauge({
    name: "latchkey_process_resident_memory_bytes",
    help: "Resident memory of this process",
    labels: {},
  }, () => [[{}, Deno.memoryUsage().rss]]);
  registry.readCounter({
    name: "latchkey_log_lines_dropped_total",
    help: "Lines of the log that were dropped because its reader did not take them",
    labels: {},
  }, () => [[{}, droppedLines()]]);
  const delay = registry.histogram({
    name: "latchkey_event_loop_delay_seconds",
    help: "How late a timer of this process fires",
    labels: {},
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  })({});
  const timer = measureDelay((seconds) => delay.observe(seconds));
  return () => clearInterval(timer);
}

/** Measures how late a timer fires: as long as something else keeps the event loop busy. */
function measureDelay(observe: (seconds: number) => void): ReturnType<typeof setInterval> {
  let due = performance.now() + DELAY_INTERVAL;
  const timer = setInterval(() => {
    const now = performance.now();
    observe(Math.max(0, now - due) / 1000);
    due = now + DELAY_INTERVAL;
  }, DELAY_INTERVAL);
  Deno.unrefTimer(timer);
  return timer;
}
