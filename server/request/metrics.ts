// The metrics of a server process, in Prometheus format. Labels come from closed lists: declared routes, known methods.
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { version } from "../version.ts";

export type Metrics = ReturnType<typeof createMetrics>;

/** The metrics of one process. */
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
  const validations = new Counter({
    name: "latchkey_validations_total",
    help: "Validation results of licenses, by code",
    labelNames: ["code"] as const,
    registers,
  });
  const cacheEntries = new Gauge({
    name: "latchkey_cache_entries",
    help: "Entries in the cache of this process",
    registers,
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
  // Finding a series by its labels costs more than adding to it.
  const validationsByCode = new Map<string, { inc(): void }>();
  return {
    registry,
    cacheEntries,
    /** Counts a validation result. */
    validation(code: string): void {
      let series = validationsByCode.get(code);
      if (!series) validationsByCode.set(code, series = validations.labels(code));
      series.inc();
    },
    /** Returns the function that records the requests of a route, with the milliseconds each took. */
    route(method: string, route: string): (status: number, milliseconds: number) => void {
      const byStatus = new Map<number, { observe(seconds: number): void }>();
      return (status, milliseconds) => {
        let series = byStatus.get(status);
        if (!series) byStatus.set(status, series = requests.labels(method, route, String(status)));
        series.observe(milliseconds / 1000);
      };
    },
  };
}

/** Adds the version of the program to metrics, as a label of a constant. */
export function buildInfo(registry: Registry): void {
  new Gauge({
    name: "latchkey_build_info",
    help: "The version of the program; the value is always 1",
    labelNames: ["version"] as const,
    registers: [registry],
  }).set({ version }, 1);
}
