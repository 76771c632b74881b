// Anomalies and alerts: what needs an eye.
import { z } from "zod";
import { listAnomalies, resolveAnomaly } from "../domain/anomalies/resolve.ts";
import { alertList } from "../domain/monitoring/inputs.ts";
import { anomalyPage, resolution } from "../domain/anomalies/inputs.ts";
import { listAlerts } from "../domain/monitoring/alerts.ts";
import { endpoint, ok } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { documentedForm } from "../request/error_form.ts";
import { time } from "./fields.ts";
import { bodyOf, queryOf, wire, wireId } from "./wire.ts";

const oneId = z.object({ id: wireId.describe("Its id") });
const next = z.int().nullable().describe("Send it as before for the next page; null on the last");

const anomaly = z.object({
  id: z.int().describe("Its id"),
  kind: z.string().describe("The kind"),
  license_id: z.int().nullable().describe("The license's id"),
  license_key: z.string().nullable().describe("The license key, as it was issued"),
  customer_name: z.string().nullable().describe("The customer's name"),
  machine_name: z.string().nullable().describe("The machine's name"),
  resolved_at: time.nullable().describe("When it was resolved"),
}).meta({ id: "Anomaly" });

const alert = z.object({
  id: z.int().describe("Its id"),
  kind: z.string().describe("The kind"),
  subject: z.string().describe("What it is about"),
  severity: z.enum(["warning", "critical"]).describe("How bad it is"),
  message: z.string().describe("What happened, for people"),
  raised_at: time,
  last_seen_at: time,
  cleared_at: time.nullable().describe("When it was over"),
}).meta({ id: "Alert" });

export function watchCalls(guards: Guards) {
  const watching = { tag: "Monitoring", dialect: documentedForm } as const;
  return [
    endpoint({
      ...watching,
      method: "get",
      path: "/api/admin/anomalies",
      summary: "List anomalies, the newest first",
      guard: guards.viewer,
      query: queryOf(anomalyPage),
      answers: {
        200: {
          description: "A page",
          schema: z.object({ anomalies: z.array(anomaly).describe("The anomalies"), next }),
        },
      },
      handle: async ({ ctx, query: { unresolved, ...query } }) => {
        const page = await listAnomalies(ctx, { ...query, unresolved: unresolved || undefined });
        const anomalies = wire(page.rows);
        return ok({ anomalies, next: page.next === null ? null : page.rows.at(-1)!.id });
      },
    }),
    endpoint({
      ...watching,
      method: "post",
      path: "/api/admin/anomalies/{id}/resolve",
      summary: "Resolve an anomaly with a note",
      guard: guards.manager,
      changes: true,
      params: oneId,
      body: bodyOf(resolution),
      answers: { 200: { description: "Resolved", schema: anomaly } },
      errors: ["NOT_FOUND", "CONFLICT"],
      handle: async ({ ctx, params, body }) =>
        ok(wire(await resolveAnomaly(ctx, { id: params.id, note: body.note }))),
    }),
    endpoint({
      ...watching,
      method: "get",
      path: "/api/admin/alerts",
      summary: "List alerts, the newest first",
      guard: guards.viewer,
      query: queryOf(alertList),
      answers: {
        200: {
          description: "The latest hundred",
          schema: z.object({ rows: z.array(alert).describe("The rows") }),
        },
      },
      handle: async ({ ctx, query }) => ok({ rows: wire(await listAlerts(ctx, query)) }),
    }),
  ];
}
