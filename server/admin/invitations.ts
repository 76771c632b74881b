// Invitations of administrators.
import { z } from "zod";
import { invitation } from "../domain/administrators/inputs.ts";
import {
  inviteAdministrator,
  listInvitations,
  revokeInvitation,
} from "../domain/administrators/invitations.ts";
import { created, type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { done, oneId, role, succeeded, time } from "./schemas.ts";
import type { Site } from "../request/services.ts";
import { bodyOf, wire } from "./wire.ts";

const openInvitation = z.object({
  id: z.int().describe("The invitation's id"),
  email: z.string().describe("Email address"),
  name: z.string().describe("Name"),
  role: role,
  created_at: time,
  expires_at: time,
  mail_problem: z.string().nullable().describe(
    "Why the invitation email was not delivered; null when it was",
  ),
}).meta({ id: "Invitation" });

export function invitationEndpoints(guards: Guards, site: Site): Endpoint[] {
  const common = { tag: "Administrators", dialect: documentedForm, guard: guards.owner } as const;
  return [
    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/invitations",
      operationId: "listInvitations",
      summary: "List pending invitations",
      answers: {
        200: {
          description: "Pending invitations",
          schema: z.object({ rows: z.array(openInvitation).describe("The rows") }),
        },
      },
      handle: async ({ ctx }) => ok(wire({ rows: await listInvitations(ctx) })),
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/invitations",
      operationId: "createInvitation",
      summary: "Invite an administrator",
      changes: true,
      body: bodyOf(invitation),
      answers: { 201: { description: "Invited", schema: openInvitation } },
      errors: ["CONFLICT", "REAUTHENTICATION_REQUIRED"],
      handle: async ({ ctx, body }) => created(wire(await inviteAdministrator(ctx, body, site.publicUrl))),
    }),

    endpoint({
      ...common,
      method: "delete",
      path: "/api/admin/invitations/{id}",
      operationId: "revokeInvitation",
      summary: "Revoke an invitation",
      changes: true,
      params: oneId,
      answers: { 200: { description: "Invitation revoked", schema: done } },
      errors: ["NOT_FOUND", "REAUTHENTICATION_REQUIRED"],
      async handle({ ctx, params }) {
        await revokeInvitation(ctx, params.id);
        return succeeded("The invitation was revoked");
      },
    }),
  ];
}
