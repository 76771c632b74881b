// Signing in to administration and out of it. Signing in answers with a token for scripts and a cookie for browsers;
// both are the same session.
import { z } from "zod";
import { createAnalyticsToken } from "../domain/administrators/analytics_token.ts";
import { signIn as signInInput } from "../domain/administrators/inputs.ts";
import { endSession } from "../domain/administrators/sessions.ts";
import { signIn } from "../domain/administrators/sign_in.ts";
import { administratorCookie, clearCookie, setCookie } from "../request/cookies.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { wireTime } from "../request/wire_time.ts";
import { done, role, time } from "./schemas.ts";
import type { Site } from "../request/services.ts";
import { bodyOf } from "./wire.ts";

export function signInEndpoints(guards: Guards, site: Site): Endpoint[] {
  const common = { tag: "Account", dialect: documentedForm } as const;
  return [
    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/login",
      operationId: "signInAdministrator",
      summary: "Sign in",
      description: "With two-factor authentication, a request without a code returns SECOND_FACTOR_REQUIRED.",
      guard: guards.signIn,
      body: bodyOf(signInInput).meta({ examples: [{ email: "admin@example.com", password: "admin123" }] }),
      answers: {
        200: {
          description: "Signed in",
          schema: z.object({
            token: z.string().describe("Access token, for Authorization: Bearer …"),
            expires_at: time,
            administrator: z.object({
              id: z.int().describe("The administrator's id"),
              email: z.string().describe("Email address"),
              name: z.string().describe("Name"),
              role: role,
            }).describe("The signed-in administrator"),
          }).meta({
            examples: [{
              token: "lka_…",
              expires_at: "2025-07-03T10:30:00Z",
              administrator: { id: 1, email: "admin@example.com", name: "Admin", role: "owner" },
            }],
          }),
        },
      },
      errors: ["SIGN_IN_FAILED", "SECOND_FACTOR_REQUIRED"],
      async handle({ ctx, body, request }) {
        const { token, expiresAt, administrator } = await signIn(ctx, {
          ...body,
          code: body.code ?? null,
          browser: request.userAgent,
          ip: request.address,
        });
        const { id, email, name, role } = administrator;
        setCookie(request, administratorCookie, token, expiresAt);
        return ok({ token, expires_at: wireTime(expiresAt), administrator: { id, email, name, role } });
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/logout",
      operationId: "signOutAdministrator",
      summary: "Sign out",
      description: "Ends the session of the request.",
      guard: guards.incomplete,
      answers: {
        200: {
          description: "Signed out",
          schema: done,
        },
      },
      errors: ["NOT_FOUND"],
      async handle({ ctx, request }) {
        if (ctx.actor.kind === "administrator" && ctx.actor.session) {
          await endSession(ctx, ctx.actor.session.id);
        }
        clearCookie(request, administratorCookie);
        return ok({ success: true, message: "Signed out" });
      },
    }),

    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/license/auth-token",
      operationId: "createAnalyticsToken",
      summary: "Create a token for monitoring and statistics",
      description: "A JWT (HS256), valid for one hour, with the scope analytics:read only.",
      guard: guards.viewer,
      answers: {
        200: {
          description: "The token",
          schema: z.object({ token: z.string().describe("The token"), expires_at: time }).meta({
            examples: [{
              token: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...",
              expires_at: "2025-06-19T15:30:00Z",
            }],
          }),
        },
      },
      async handle({ ctx }) {
        const { token, expiresAt } = await createAnalyticsToken(ctx, site.jwtSecret);
        return ok({ token, expires_at: wireTime(expiresAt) });
      },
    }),
  ];
}
