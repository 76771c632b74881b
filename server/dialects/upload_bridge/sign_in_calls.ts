// POST /api/v2/auth/…: signing in with a password or a link, refreshing, signing out, and requesting a link.
import { z } from "zod";
import { LINK_REQUESTED_MESSAGE, requestLink } from "../../domain/accounts/email_links.ts";
import {
  type RefreshedSession,
  type RefreshRequest,
  refreshSessions,
} from "../../domain/accounts/refresh_sessions.ts";
import { signOut } from "../../domain/accounts/end_sessions.ts";
import { type Credentials, signIn } from "../../domain/accounts/sign_in.ts";
import { parseEmail } from "../../domain/email_address.ts";
import type { Context } from "../../domain/context.ts";
import { refuse } from "../../domain/errors.ts";
import { createBatcher } from "../../request/batch.ts";
import { type Answer, endpoint, ok } from "../../request/endpoint.ts";
import { type Limits, perMailbox } from "../../request/limits.ts";
import { refuseInput } from "../../request/request_error.ts";
import { uploadBridgeForm } from "./form.ts";
import { admission, deviceId, deviceName, entitlementToken, requiredEmail, user } from "./fields.ts";
import { sessionTokenOf, type UserGuards } from "./guards.ts";
import { wireAdmission, wireSignedIn } from "./wire.ts";

const exampleDevice = { device_id: "DEVICE_ABC123", device_name: "My Computer" };

const linkToken = z.string().max(255).nullish().transform((token) => token?.trim() || null).describe(
  "The token of a sign-in link, as shown by the page of the link",
);
const sessionToken = z.string().max(1000).nullish().describe("The session's token");

export const signedIn = z.object({
  session_token: z.string().describe("Session token; valid for 7 days"),
  entitlement_token: entitlementToken.nullable().describe("Null when the user has no usable license"),
  user,
  ...admission,
}).meta({
  id: "SignedIn",
  examples: [{
    session_token: "YOUR_SESSION_TOKEN",
    entitlement_token: {
      sub: "42",
      email: "user@example.com",
      plan: "monthly",
      features: ["pattern_upload", "wifi_upload"],
      max_devices: 2,
      expires_at: 1781827199,
      iat: 1750329000,
      exp: 1781827199,
      product: "my-app",
      entitlements: {},
      issued_at: 1750329000,
      device_id: "unique-hardware-identifier",
      jti: "2f4c8f0e-6a43-4a55-9d0c-0d6c3f3f9b11",
      grace_ends: null,
      updates_until: null,
      signature: "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiI0MiJ9.EXAMPLE",
    },
    user: { id: "42", email: "user@example.com", name: "Ada Byron" },
  }],
});

const message = z.object({ message: z.string().describe("Readable result") });

/** The sentences that the system this dialect grew from answers, which apps compare. */
const LOGIN_FIELDS_REQUIRED = "Email and password are required";
const TOKEN_REQUIRED = "Session token is required";

/** Credentials are an address and a password, or a link's token; what is missing of either is named. */
const credentials = z.object({
  email: z.string().max(254).nullish().transform((email) => email?.trim() || null).describe(
    "The user's email address, case-insensitive",
  ),
  password: z.string().max(1000).nullish().describe("The user's password"),
  magic_link_token: linkToken,
  device_id: deviceId,
  device_name: deviceName,
}).superRefine(({ email, password, magic_link_token }, issues) => {
  const add = (field: string, message: string, summary?: string) =>
    issues.addIssue({ code: "custom", path: [field], message, params: { summary } });
  if (magic_link_token) return;
  const unless = "is required when magic link token is not present";
  if (!email) add("email", unless, LOGIN_FIELDS_REQUIRED);
  else if (parseEmail(email) === null) add("email", "must be a valid email address");
  if (!password) add("password", unless, LOGIN_FIELDS_REQUIRED);
  if (!email && !password) add("magic_link_token", "is required when email and password are not present");
}).meta({ examples: [{ email: "user@example.com", password: "password123", ...exampleDevice }] });

async function answerSignIn(
  ctx: Context,
  given: Credentials,
  body: { device_id: string | null; device_name: string | null },
): Promise<Answer<200, z.output<typeof signedIn>>> {
  const device = body.device_id === null ? null : { id: body.device_id, name: body.device_name };
  const { registered, ...result } = await signIn(ctx, given, device);
  return ok({
    ...await wireSignedIn(ctx, result, body.device_id),
    ...registered ? wireAdmission(registered) : {},
  });
}

export function signInCalls(guards: UserGuards, limits: Limits) {
  const common = {
    method: "post",
    tag: "Authentication",
    dialect: uploadBridgeForm,
    guard: guards.signIn,
  } as const;
  // Refreshes that arrive while others are in progress are written in one transaction.
  const refreshes = createBatcher<{ ctx: Context; request: RefreshRequest }, RefreshedSession | null>(
    (calls) => refreshSessions(calls.at(-1)!.ctx, calls.map(({ request }) => request)),
    { maxBatchSize: 200 },
  );
  return [
    endpoint({
      ...common,
      path: "/api/v2/auth/login",
      operationId: "signIn",
      summary: "Sign in with a password or a magic link token",
      description:
        "A new device counts against the device limit; a registered one is accepted at the limit. " +
        "The first sign-in with a device by a user who never had a license starts their trial.",
      changes: true,
      body: credentials,
      answers: { 200: { description: "Signed in", schema: signedIn } },
      errors: [
        "CREDENTIALS_INVALID",
        "MAGIC_LINK_INVALID",
        "ACTIVATION_LIMIT_REACHED",
        "NEW_MACHINES_LIMIT_REACHED",
        "MACHINE_ALREADY_ACTIVATED",
      ],
      handle: ({ ctx, body }) =>
        answerSignIn(
          ctx,
          body.magic_link_token
            ? { linkToken: body.magic_link_token }
            : { email: body.email!, password: body.password! },
          body,
        ),
    }),

    endpoint({
      ...common,
      path: "/api/v2/auth/magic-link/verify",
      operationId: "signInWithMagicLink",
      summary: "Sign in with a magic link token",
      changes: true,
      body: z.object({
        magic_link_token: z.string().trim().min(1).max(255).describe("The token of a sign-in link"),
        device_id: deviceId,
        device_name: deviceName,
      }).meta({ examples: [{ magic_link_token: "token_from_email", ...exampleDevice }] }),
      answers: { 200: { description: "Signed in", schema: signedIn } },
      errors: [
        "MAGIC_LINK_INVALID",
        "ACTIVATION_LIMIT_REACHED",
        "NEW_MACHINES_LIMIT_REACHED",
        "MACHINE_ALREADY_ACTIVATED",
      ],
      handle: ({ ctx, body }) => answerSignIn(ctx, { linkToken: body.magic_link_token }, body),
    }),

    endpoint({
      ...common,
      path: "/api/v2/auth/magic-link/request",
      operationId: "requestMagicLink",
      summary: "Send a magic link",
      description: "The response does not reveal whether the address has an account.",
      body: z.object({ email: requiredEmail }).meta({ examples: [{ email: "user@example.com" }] }),
      limits: ({ body }) => perMailbox(limits, body.email),
      answers: { 200: { description: "A link is sent if the address has an account", schema: message } },
      async handle({ ctx, body }) {
        await requestLink(ctx, { purpose: "sign_in", email: body.email });
        return ok({ message: LINK_REQUESTED_MESSAGE });
      },
    }),

    endpoint({
      ...common,
      path: "/api/v2/auth/refresh",
      operationId: "refreshSession",
      summary: "Refresh a session",
      description:
        "The previous token stays valid for 60 seconds, within which a repeated request returns the " +
        "same new token. A use after that revokes the session.",
      body: z.object({ session_token: sessionToken, device_id: deviceId }).meta({
        examples: [{ session_token: "current_session_token", device_id: "DEVICE_ABC123" }],
      }),
      answers: { 200: { description: "A new token and the current entitlement", schema: signedIn } },
      errors: ["SESSION_EXPIRED"],
      async handle({ ctx, body, request }) {
        const refreshed = await refreshes.add({
          ctx,
          request: { token: requireToken(request.raw, body, TOKEN_REQUIRED), deviceId: body.device_id },
        }) ?? refuse("SESSION_EXPIRED");
        return ok(await wireSignedIn(ctx, refreshed, refreshed.deviceId));
      },
    }),

    endpoint({
      ...common,
      path: "/api/v2/auth/logout",
      operationId: "signOut",
      summary: "Sign out",
      description: "Unknown and expired tokens get the same response.",
      changes: true,
      body: z.object({ session_token: sessionToken }).meta({
        examples: [{ session_token: "session_token_to_revoke" }],
      }),
      answers: { 200: { description: "Signed out", schema: message } },
      async handle({ ctx, body, request }) {
        await signOut(ctx, requireToken(request.raw, body));
        return ok({ message: "Logged out successfully" });
      },
    }),
  ];
}

function requireToken(request: Request, body: unknown, summary?: string): string {
  const token = sessionTokenOf(request, body);
  if (token) return token;
  return refuseInput({
    field: "session_token",
    reason: "required",
    message: "session_token is required.",
    summary,
  });
}
