// What the server counts about itself, in the format Prometheus reads.
import { Counter, Gauge, Histogram, Registry } from "prom-client";

export type Metrics = ReturnType<typeof createMetrics>;

/** Counters of one process. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({
    name: "latchkey_http_request_duration_seconds",
    help: "Time to answer a request, by route and status",
    labelNames: ["method", "route", "status"] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const verdicts = new Counter({
    name: "latchkey_validations_total",
    help: "Verdicts given over licenses, by code",
    labelNames: ["code"] as const,
    registers,
  });
  const remembered = new Gauge({
    name: "latchkey_cache_entries",
    help: "Things this process remembers so as not to ask the database",
    registers,
  });
  new Gauge({
    name: "latchkey_process_resident_memory_bytes",
    help: "Resident memory of this process",
    registers,
    collect() {
      this.set(Deno.memoryUsage().rss);
    },
  });

  // Finding a series by its labels costs more than adding to it, so a series once found is kept.
  const series = new Map<string, { observe(seconds: number): void }>();
  return {
    registry,
    remembered,
    verdict: (code: string) => verdicts.inc({ code }),
    /** Notes a request that took that many milliseconds. */
    request(method: string, route: string, status: number, milliseconds: number): void {
      const key = `${method} ${route} ${status}`;
      let found = series.get(key);
      if (!found) series.set(key, found = requests.labels(method, route, String(status)));
      found.observe(milliseconds / 1000);
    },
  };
}
