// Administrators: list and edit.
import { updateAdministrator } from "../domain/administrators/update.ts";
import { listAdministrators } from "../domain/administrators/administrators.ts";
import { z } from "zod";
import { administratorChanges } from "../domain/administrators/inputs.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { integer, oneId, revisionField, role, text, time } from "./schemas.ts";
import { bodyOf, wire } from "./wire.ts";

export const administrator = z.object({
  id: integer.describe("The administrator's id"),
  email: text.describe("Email address"),
  name: text.describe("Name"),
  role: role,
  has_password: z.boolean().describe("Whether a password is set; without one the identity provider signs in"),
  has_identity: z.boolean().describe("Whether it is linked to a person at the identity provider"),
  has_totp: z.boolean().describe("Whether an authenticator app is set up"),
  passkeys: integer.describe("Number of passkeys"),
  created_at: time,
  last_seen_at: time.nullable().describe("Time of the last request"),
  disabled_at: time.nullable().describe("Time of disabling; null when enabled"),
  ...revisionField,
}).meta({ id: "Administrator" });

export function administratorEndpoints(guards: Guards): Endpoint[] {
  const common = { tag: "Administrators", dialect: documentedForm, guard: guards.owner } as const;
  return [
    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/administrators",
      operationId: "listAdministrators",
      summary: "List administrators",
      answers: {
        200: {
          description: "All",
          schema: z.object({ rows: z.array(administrator).describe("The rows") }),
        },
      },
      handle: async ({ ctx }) => ok(wire({ rows: await listAdministrators(ctx) })),
    }),

    endpoint({
      ...common,
      method: "patch",
      path: "/api/admin/administrators/{id}",
      operationId: "updateAdministrator",
      summary: "Update, enable or disable an administrator",
      changes: true,
      params: oneId,
      hasRevision: true,
      body: bodyOf(administratorChanges),
      answers: { 200: { description: "Changed", schema: administrator } },
      errors: ["NOT_FOUND", "LAST_OWNER", "REAUTHENTICATION_REQUIRED"],
      handle: async ({ ctx, params, body, revision }) =>
        ok(wire(await updateAdministrator(ctx, { id: params.id, changes: body, revision }))),
    }),
  ];
}
