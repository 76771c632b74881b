// The documented calls about the moment: seats held, and the live numbers.
import { z } from "zod";
import { countActiveSeats, getLiveStats } from "../../domain/monitoring.ts";
import { endpoint, ok } from "../endpoint.ts";
import type { Guards } from "../guards.ts";
import { licenseApi } from "../license_api/dialect.ts";
import { time } from "./fields.ts";
import { wireTime } from "../wire_time.ts";

export function monitoringCalls(guards: Guards) {
  const common = { method: "get", tag: "Monitoring", dialect: licenseApi, guard: guards.statistics } as const;
  return [
    endpoint({
      ...common,
      path: "/api/sessions/active-count",
      summary: "How many copies run now",
      answers: {
        200: {
          description: "Seats held",
          schema: z.object({ count: z.int() }).meta({ examples: [{ count: 42 }] }),
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
            }),
            alerts: z.array(z.object({ type: z.string(), message: z.string(), timestamp: time })),
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
        const stats = await getLiveStats(ctx);
        return ok({
          timestamp: wireTime(ctx.now),
          metrics: {
            active_licenses: stats.activeLicenses,
            total_activations: stats.totalActivations,
            active_sessions: stats.activeSessions,
            heartbeats_per_minute: stats.heartbeatsPerMinute,
          },
          alerts: [],
        });
      },
    }),
  ];
}
