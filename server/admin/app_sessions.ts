// Sessions of apps: who uses a concurrent user of which license now.
import { seatList } from "../domain/seats/inputs.ts";
import { z } from "zod";
import { countActiveSeats, listSeats } from "../domain/seats/list.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { listTickets } from "../domain/seats/queue.ts";
import { removeTicket } from "../domain/seats/tickets.ts";
import { done, integer, licenseId, nullableText, oneId, succeeded, text, time } from "./schemas.ts";
import { wire } from "./wire.ts";

export const appSession = z.object({
  id: integer.describe("Id for display; it gives no access"),
  license_id: integer.describe("The license's id"),
  license_key: text.describe("The license key, as it was issued"),
  activation_id: integer.describe("The activation's id"),
  machine_name: nullableText.describe("The device's name"),
  customer_id: integer.describe("The customer's id"),
  customer_name: text.describe("The customer's name"),
  product_id: integer.describe("The product's id"),
  product_name: text.describe("The product's name"),
  started_at: time,
  last_heartbeat: time,
  expires_at: time,
}).meta({ id: "AppSession" });

const queuedApp = z.object({
  id: integer.describe("Id for display; it gives no access"),
  position: z.int().describe("1 is the next to get a session"),
  license_id: integer.describe("The license's id"),
  activation_id: integer.describe("The activation's id"),
  machine_name: nullableText.describe("The device's name"),
  queued_at: time,
  last_heartbeat: time,
  expires_at: time,
}).meta({ id: "QueuedApp" });

export function appSessionEndpoints(guards: Guards): Endpoint[] {
  const { viewer, manager } = guards;
  const common = {
    method: "get",
    tag: "Sessions",
    dialect: documentedForm,
    guard: guards.statistics,
  } as const;
  return [
    ...resourceEndpoints({
      name: { entity: "Session", label: "session" },
      path: "/api/admin/sessions",
      tag: "Sessions",
      reads: viewer,
      writes: manager,
      schema: appSession,
      list: { input: seatList, verb: listSeats },
    }),
    endpoint({
      ...common,
      guard: viewer,
      path: "/api/admin/licenses/{license_id}/session-queue",
      operationId: "listSessionQueue",
      summary: "List the session queue of a license",
      params: licenseId,
      answers: {
        200: {
          description: "Apps that wait for a session, in their order; the first 200",
          schema: z.object({
            rows: z.array(queuedApp).describe("The apps"),
            total: z.int().describe("All apps that wait"),
          }),
        },
      },
      handle: async ({ ctx, params }) => ok(wire(await listTickets(ctx, { licenseId: params.license_id }))),
    }),
    endpoint({
      ...common,
      guard: manager,
      method: "delete",
      path: "/api/admin/licenses/{license_id}/session-queue/{id}",
      operationId: "removeFromSessionQueue",
      summary: "Remove an app from the session queue",
      changes: true,
      params: licenseId.extend(oneId.shape),
      answers: { 200: { description: "The app was removed", schema: done } },
      errors: ["TICKET_NOT_FOUND"],
      async handle({ ctx, params }) {
        await removeTicket(ctx, { licenseId: params.license_id, number: params.id });
        return succeeded("The app was removed from the queue");
      },
    }),
    endpoint({
      ...common,
      path: "/api/sessions/active-count",
      operationId: "countActiveSessions",
      summary: "Count active sessions",
      answers: {
        200: {
          description: "Active sessions",
          schema: z.object({ count: z.int().describe("Number of active sessions") }).meta({
            examples: [{ count: 42 }],
          }),
        },
      },
      handle: async ({ ctx }) => ok({ count: await countActiveSeats(ctx) }),
    }),
  ];
}
