// Alerts of the health checks.
import { z } from "zod";
import { listAlerts } from "../domain/monitoring/alerts.ts";
import { alertList } from "../domain/monitoring/inputs.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { time } from "./schemas.ts";
import { queryOf, wire } from "./wire.ts";

const alert = z.object({
  id: z.int().describe("The alert's id"),
  kind: z.string().describe("Kind of alert"),
  subject: z.string().describe("Subject"),
  severity: z.enum(["warning", "critical"]).describe("Severity"),
  message: z.string().describe("Readable message"),
  raised_at: time,
  last_seen_at: time,
  cleared_at: time.nullable().describe("Time of resolution; null while open"),
}).meta({ id: "Alert" });

export function alertEndpoints(guards: Guards): Endpoint[] {
  const common = { tag: "Monitoring", dialect: documentedForm } as const;
  return [
    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/alerts",
      operationId: "listAlerts",
      summary: "List alerts",
      guard: guards.viewer,
      query: queryOf(alertList),
      answers: {
        200: {
          description: "The latest 100 alerts",
          schema: z.object({ rows: z.array(alert).describe("The rows") }),
        },
      },
      handle: async ({ ctx, query }) => ok(wire({ rows: await listAlerts(ctx, query) })),
    }),
  ];
}
