// The documented calls about the moment: seats held, and the live numbers.
import { z } from "zod";
import { getAnomalyStats } from "../domain/anomalies/resolve.ts";
import { countActiveSeats } from "../domain/seats/list.ts";
import { readStatistics } from "../domain/monitoring/read_statistics.ts";
import { statisticsQuery } from "../domain/monitoring/inputs.ts";
import { getLiveStats } from "../domain/monitoring/live_stats.ts";
import { endpoint, ok } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { documentedForm } from "../request/error_form.ts";
import { time } from "./fields.ts";
import { wireTime } from "../request/wire_time.ts";
import { queryOf, wire } from "./wire.ts";

export function monitoringCalls(guards: Guards) {
  const common = {
    method: "get",
    tag: "Monitoring",
    dialect: documentedForm,
    guard: guards.statistics,
  } as const;
  return [
    endpoint({
      ...common,
      path: "/api/sessions/active-count",
      summary: "How many copies run now",
      answers: {
        200: {
          description: "Seats held",
          schema: z.object({ count: z.int().describe("How many") }).meta({ examples: [{ count: 42 }] }),
        },
      },
      handle: async ({ ctx }) => ok({ count: await countActiveSeats(ctx) }),
    }),

    endpoint({
      ...common,
      path: "/api/monitoring/live-stats",
      summary: "The numbers of the moment",
      answers: {
        200: {
          description: "The numbers, and what needs attention",
          schema: z.object({
            timestamp: time,
            metrics: z.object({
              active_licenses: z.int().describe("Licenses that can be used today"),
              total_activations: z.int().describe("Machines that hold a place"),
              active_sessions: z.int().describe("Seats held"),
              heartbeats_per_minute: z.int().describe("Machines heard of in the last minute"),
            }).describe("The numbers"),
            alerts: z.array(
              z.object({
                type: z.string().describe("The kind"),
                message: z.string().describe("What happened, for people"),
                timestamp: time,
              }),
            ).describe("What needs attention"),
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
      summary: "Anomalies in numbers",
      answers: {
        200: {
          description: "The numbers",
          schema: z.object({
            total_anomalies: z.int().describe("All there ever were"),
            unresolved: z.int().describe("Those nobody has resolved"),
            by_type: z.record(z.string(), z.int()).describe("The same of each kind"),
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
        const { total, unresolved, byKind } = await getAnomalyStats(ctx);
        return ok({ total_anomalies: total, unresolved, by_type: byKind });
      },
    }),

    endpoint({
      ...common,
      path: "/api/admin/statistics",
      summary: "Numbers for a chart",
      query: queryOf(statisticsQuery),
      answers: {
        200: {
          description: "In the order of time; spans in which nothing was counted are not there",
          schema: z.object({
            rows: z.array(z.object({
              measure: z.string().describe("What was counted"),
              span: z.enum(["hour", "day"]).describe("By hour or by day"),
              starts_at: time,
              value: z.number().describe("The number"),
            })).describe("The rows"),
          }),
        },
      },
      handle: async ({ ctx, query }) => ok({ rows: wire(await readStatistics(ctx, query)) }),
    }),
  ];
}
