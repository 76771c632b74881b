// Anomalies: list, resolve and reopen.
import { z } from "zod";
import { anomalyPage, resolution } from "../domain/anomalies/inputs.ts";
import { listAnomalies, reopenAnomaly, resolveAnomaly } from "../domain/anomalies/resolve.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { oneId, time } from "./schemas.ts";
import { bodyOf, queryOf, wire } from "./wire.ts";

const next = z.int().nullable().describe("Cursor: send as `before` for the next page; null on the last");

const anomaly = z.object({
  id: z.int().describe("The anomaly's id"),
  kind: z.string().describe("Kind of anomaly"),
  license_id: z.int().nullable().describe("The license's id"),
  license_key: z.string().nullable().describe("The license key, as it was issued"),
  customer_name: z.string().nullable().describe("The customer's name"),
  machine_name: z.string().nullable().describe("The device's name"),
  resolved_at: time.nullable().describe("Time of resolution; null when open"),
}).meta({ id: "Anomaly" });

/** The row alone, without the names of what it is about. */
const resolvedAnomaly = anomaly.omit({ license_key: true, customer_name: true, machine_name: true })
  .meta({ id: "ResolvedAnomaly" });

export function anomalyEndpoints(guards: Guards): Endpoint[] {
  const common = { tag: "Monitoring", dialect: documentedForm } as const;
  return [
    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/anomalies",
      operationId: "listAnomalies",
      summary: "List anomalies",
      guard: guards.viewer,
      query: queryOf(anomalyPage),
      answers: {
        200: {
          description: "A page of results",
          schema: z.object({ anomalies: z.array(anomaly).describe("The anomalies"), next }),
        },
      },
      handle: async ({ ctx, query: { unresolved, ...query } }) => {
        const page = await listAnomalies(ctx, { ...query, unresolved: unresolved || undefined });
        const next = page.next === null ? null : page.rows.at(-1)!.id;
        return ok(wire({ anomalies: page.rows, next }));
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/anomalies/{id}/resolve",
      operationId: "resolveAnomaly",
      summary: "Resolve an anomaly",
      guard: guards.manager,
      changes: true,
      params: oneId,
      body: bodyOf(resolution),
      answers: { 200: { description: "Anomaly resolved", schema: resolvedAnomaly } },
      errors: ["NOT_FOUND", "CONFLICT"],
      handle: async ({ ctx, params, body }) =>
        ok(wire(await resolveAnomaly(ctx, { id: params.id, note: body.note }))),
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/anomalies/{id}/reopen",
      operationId: "reopenAnomaly",
      summary: "Reopen an anomaly",
      guard: guards.manager,
      changes: true,
      params: oneId,
      answers: { 200: { description: "Anomaly reopened", schema: resolvedAnomaly } },
      errors: ["NOT_FOUND", "CONFLICT"],
      handle: async ({ ctx, params }) => ok(wire(await reopenAnomaly(ctx, { id: params.id }))),
    }),
  ];
}
