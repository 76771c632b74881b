// Live statistics, anomaly counts and time series.
import { z } from "zod";
import { getAnomalyStats } from "../domain/anomalies/resolve.ts";
import { statisticsQuery } from "../domain/monitoring/inputs.ts";
import { getLiveStats } from "../domain/monitoring/live_stats.ts";
import { readStatistics } from "../domain/monitoring/read_statistics.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { wireTime } from "../request/wire_time.ts";
import { time } from "./schemas.ts";
import { queryOf, wire } from "./wire.ts";

export function monitoringEndpoints(guards: Guards): Endpoint[] {
  const common = {
    method: "get",
    tag: "Monitoring",
    dialect: documentedForm,
    guard: guards.statistics,
  } as const;
  return [
    endpoint({
      ...common,
      path: "/api/monitoring/live-stats",
      operationId: "getLiveStatistics",
      summary: "Live statistics",
      answers: {
        200: {
          description: "Statistics and open alerts",
          schema: z.object({
            timestamp: time,
            metrics: z.object({
              active_licenses: z.int().describe("Number of active licenses"),
              total_activations: z.int().describe("Active devices"),
              active_sessions: z.int().describe("Active sessions"),
              heartbeats_per_minute: z.int().describe("Devices with a heartbeat in the last minute"),
            }).describe("Statistics"),
            alerts: z.array(
              z.object({
                type: z.string().describe("Type"),
                message: z.string().describe("Readable message"),
                timestamp: time,
              }),
            ).describe("Open alerts"),
          }).meta({
            examples: [{
              timestamp: "2025-06-19T14:30:00Z",
              metrics: {
                active_licenses: 850,
                total_activations: 2500,
                active_sessions: 1200,
                heartbeats_per_minute: 450,
              },
              alerts: [{
                type: "warning",
                message: "High CPU usage detected",
                timestamp: "2025-06-19T14:25:00Z",
              }],
            }],
          }),
        },
      },
      async handle({ ctx }) {
        const { at, metrics, alerts } = await getLiveStats(ctx);
        return ok({
          timestamp: wireTime(at),
          metrics: wire(metrics),
          alerts: alerts.map(({ severity, message, since }) => ({
            type: severity,
            message,
            timestamp: wireTime(since),
          })),
        });
      },
    }),

    endpoint({
      ...common,
      path: "/api/monitoring/anomaly-stats",
      operationId: "getAnomalyStatistics",
      summary: "Anomaly statistics",
      answers: {
        200: {
          description: "Statistics",
          schema: z.object({
            total_anomalies: z.int().describe("Total number of anomalies"),
            unresolved: z.int().describe("Unresolved anomalies"),
            by_type: z.record(z.string(), z.int()).describe("Counts by type"),
          }).meta({
            examples: [{
              total_anomalies: 15,
              unresolved: 3,
              by_type: { unusual_activation_pattern: 5, excessive_heartbeats: 3, license_hopping: 7 },
            }],
          }),
        },
      },
      async handle({ ctx }) {
        const { total, unresolved, byKind: { license_cloned, ...documented } } = await getAnomalyStats(ctx);
        // The document has three kinds, with each answer; a further one is there when there are some of it.
        const by_type = { ...documented, ...license_cloned > 0 ? { license_cloned } : {} };
        return ok({ total_anomalies: total, unresolved, by_type });
      },
    }),

    endpoint({
      ...common,
      path: "/api/admin/statistics",
      operationId: "getStatistics",
      summary: "Statistics over time",
      query: queryOf(statisticsQuery),
      answers: {
        200: {
          description: "Values in chronological order; periods without events are omitted",
          schema: z.object({
            rows: z.array(z.object({
              measure: z.string().describe("Measure"),
              span: z.enum(["hour", "day"]).describe("By hour or by day"),
              starts_at: time,
              value: z.number().describe("Value"),
            })).describe("The rows"),
          }),
        },
      },
      handle: async ({ ctx, query }) => ok(wire({ rows: await readStatistics(ctx, query) })),
    }),
  ];
}
