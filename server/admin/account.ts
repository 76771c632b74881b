// The signed-in administrator's sessions and tokens.
import { createAccessToken } from "../domain/administrators/access_tokens.ts";
import { z } from "zod";
import { newToken } from "../domain/administrators/inputs.ts";
import { endSession, listSessions } from "../domain/administrators/sessions.ts";
import { created, type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { done, oneId, succeeded, time } from "./schemas.ts";
import { bodyOf, wire } from "./wire.ts";

export function accountEndpoints(guards: Guards): Endpoint[] {
  const common = { tag: "Account", dialect: documentedForm, guard: guards.viewer } as const;
  return [
    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/account/sessions",
      operationId: "listAccountSessions",
      summary: "List your sessions and tokens",
      answers: {
        200: {
          description: "Valid sessions and access tokens",
          schema: z.object({
            rows: z.array(z.object({
              id: z.int().describe("Id of the session or token"),
              kind: z.enum(["session", "token"]).describe("Session or access token"),
              name: z.string().describe("Name"),
              ip: z.string().nullable().describe("IP address"),
              created_at: time,
              last_seen_at: time,
              authenticated_at: time,
              second_factor: z.enum(["totp", "recovery_code", "passkey", "identity_provider"]).nullable()
                .describe(
                  "Second factor that was used; null for a password alone",
                ),
              expires_at: time,
              is_this: z.boolean().describe("Whether it is the session or token of this request"),
            })).describe("The rows"),
          }),
        },
      },
      handle: async ({ ctx }) => ok(wire({ rows: await listSessions(ctx) })),
    }),

    endpoint({
      ...common,
      method: "delete",
      path: "/api/admin/account/sessions/{id}",
      operationId: "endAccountSession",
      summary: "End a session or revoke a token",
      params: oneId,
      answers: { 200: { description: "Ended", schema: done } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        await endSession(ctx, params.id);
        return succeeded("The session was ended");
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/account/tokens",
      operationId: "createAccountToken",
      summary: "Create an access token",
      description: "The token has the rights of its creator and is shown once.",
      changes: true,
      body: bodyOf(newToken),
      answers: {
        201: {
          description: "Token created",
          schema: z.object({
            id: z.int().describe("The token's id"),
            token: z.string().describe("The token"),
            expires_at: time,
          }),
        },
      },
      errors: ["REAUTHENTICATION_REQUIRED"],
      handle: async ({ ctx, body }) => created(wire(await createAccessToken(ctx, body))),
    }),
  ];
}
