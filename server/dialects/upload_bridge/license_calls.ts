// GET and POST /api/v2/license/…, entitlements, features, updates and the app's heartbeat: what a user may use.
import { z } from "zod";
import { expiryOf, findEntitlement, getEntitlement } from "../../domain/entitlements/entitlement.ts";
import { checkFeatures } from "../../domain/entitlements/features.ts";
import { checkEntitlementToken } from "../../domain/entitlements/tokens.ts";
import { signTokenCheck } from "../../domain/entitlements/sign_token_check.ts";
import { recordAppState } from "../../domain/accounts/app_state.ts";
import { checkUserVersion } from "../../domain/version_checks/check_for_user.ts";
import { countWrongCredential } from "../../request/credential_failures.ts";
import { type Endpoint, endpoint, ok } from "../../request/endpoint.ts";
import { displayLine } from "../../domain/input_fields.ts";
import { shownText } from "../../request/fields.ts";
import type { Limits } from "../../request/limits.ts";
import { wireTime } from "../../request/wire_time.ts";
import { nonce, signature, wireClaims } from "../../request/signed_answers.ts";
import { refuseInput } from "../../request/request_error.ts";
import { uploadBridgeForm } from "./form.ts";
import { entitlement, features, grace, time } from "./fields.ts";
import { callerOf, perUser, type UserGuards } from "./guards.ts";
import { wireEntitlement, wireGrace } from "./wire.ts";

const message = z.string().describe("Readable message");
const tag = "User licenses";

/** The claims as an object or as JSON, or a signature alone. */
const shownToken = z.union([z.record(z.string(), z.unknown()), z.string().max(100_000)]).nullish().describe(
  "The entitlement token, some of its claims with the signature, or the signature alone",
);

export function licenseCalls(guards: UserGuards, limits: Limits): Endpoint[] {
  const common = {
    tag,
    dialect: uploadBridgeForm,
    guard: guards.user,
    limits: perUser(limits.license),
  } as const;
  const current = (path: string, operationId: string, summary: string) =>
    endpoint({
      ...common,
      method: "get",
      path,
      operationId,
      summary,
      answers: { 200: { description: "The current entitlement", schema: z.object({ entitlement }) } },
      errors: ["NO_ENTITLEMENT"],
      async handle({ ctx }) {
        const { id, session } = callerOf(ctx);
        return ok({
          entitlement: await wireEntitlement(ctx, await getEntitlement(ctx, id, session.deviceId)),
        });
      },
    });
  const validate = (method: "get" | "post") =>
    endpoint({
      ...common,
      method,
      path: "/api/v2/license/validate",
      operationId: method === "get" ? "validateEntitlementToken" : "validateEntitlementTokenByPost",
      summary: "Validate an entitlement token",
      description: "Send the token in the body, of a GET request too, or as ?entitlement_token=.",
      query: z.object({
        entitlement_token: z.string().optional().describe("The token as JSON, or its signature"),
        nonce,
      }),
      body: z.object({ entitlement_token: shownToken, nonce }).meta({
        examples: [{ entitlement_token: { sub: "user_id", plan: "monthly", exp: 1234567890 } }],
      }),
      answers: {
        200: {
          description: "Validation result",
          schema: z.object({
            valid: z.boolean().describe("Whether the token is valid"),
            timestamp: time,
            ...grace,
            signature,
          }).meta({
            examples: [{
              valid: true,
              timestamp: "2025-01-27T12:00:00Z",
              grace_ends: null,
              updates_until: null,
            }],
          }),
        },
      },
      async handle({ ctx, body, query, request }) {
        const token = readToken(body.entitlement_token ?? query.entitlement_token);
        const { id, session } = callerOf(ctx);
        const { result, license } = await checkEntitlementToken(ctx, { userId: id, token });
        const limited = result === "forged" ? await countWrongCredential(request) : null;
        if (limited) throw limited;
        const nonce = body.nonce ?? query.nonce;
        return ok({
          valid: result === "valid",
          timestamp: wireTime(ctx.now),
          ...license ? wireGrace(license) : { grace_ends: null, updates_until: null },
          ...nonce == null ? {} : {
            signature: await signTokenCheck(
              ctx,
              {
                issuer: request.services.site.publicUrl,
                nonce,
                licenseKey: null,
                hardwareId: session.deviceId,
              },
              license,
              wireClaims,
            ),
          },
        });
      },
    });
  return [
    validate("get"),
    validate("post"),
    current("/api/v2/license/info", "getUserLicense", "Get the user's license"),
    current("/api/v2/entitlements/current", "getCurrentEntitlement", "Get the user's entitlement"),

    endpoint({
      ...common,
      method: "post",
      path: "/api/v2/license/verify",
      operationId: "checkAccess",
      summary: "Check access",
      body: z.object({
        device_fingerprint: displayLine(255).describe("Ignored"),
        device_name: displayLine(255).describe("Ignored"),
      }),
      answers: {
        200: { description: "The license is usable", schema: activeLicense },
        403: {
          description: "No usable license",
          schema: z.object({ status: z.literal("INACTIVE").describe("Status of the license"), message }),
        },
      },
      async handle({ ctx, request }) {
        const { id, session } = callerOf(ctx);
        const found = await findEntitlement(ctx, id, session.deviceId);
        if (!found) {
          request.denial = "NO_ENTITLEMENT";
          return {
            status: 403 as const,
            body: { status: "INACTIVE" as const, message: "No active license found" },
          };
        }
        const expiry = expiryOf(found);
        return ok({
          status: "ACTIVE" as const,
          plan: found.plan,
          features: found.features,
          expires_at: expiry && wireTime(expiry),
          starts_at: `${found.validFrom}T00:00:00Z`,
          message: "License is active",
          ...wireGrace(found),
        });
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/v2/features/check",
      guard: guards.anyone,
      operationId: "checkFeatures",
      summary: "Check features",
      description: "An empty list selects all features. Without a session all are false.",
      body: z.object({
        features: z.array(z.string().max(255)).max(1000).nullish().describe("Feature codes"),
      }).meta({ examples: [{ features: ["pattern_upload"] }] }),
      answers: {
        200: {
          description: "Availability of the features",
          schema: z.object({
            flags: z.record(z.string(), z.boolean()).describe(
              "Whether each requested feature is enabled",
            ),
            enabled_features: features.describe("Codes of the enabled features"),
          }).meta({ examples: [{ flags: { pattern_upload: true }, enabled_features: ["pattern_upload"] }] }),
        },
      },
      async handle({ ctx, body }) {
        const user = ctx.actor.kind === "user" ? callerOf(ctx) : null;
        const flags = await checkFeatures(ctx, {
          user: user && { id: user.id, deviceId: user.session.deviceId },
          names: body.features ?? [],
        });
        return ok({
          flags: Object.fromEntries(flags),
          enabled_features: [...flags].filter(([, has]) => has).map(([name]) => name),
        });
      },
    }),

    endpoint({
      ...common,
      method: "get",
      path: "/api/v2/updates/check",
      guard: guards.anyone,
      operationId: "checkForUserUpdate",
      summary: "Check for an update",
      query: z.object({
        current_version: shownText(64).describe(
          "Version of the app: numbers, with or without a v before them and a pre-release, build or words after them",
        ),
      }),
      answers: {
        200: {
          description: "The result of the update check",
          schema: z.object({
            has_update: z.boolean().describe("Whether a newer release is available"),
            current_version: z.string().describe("The current_version of the request"),
            latest_version: z.string().nullable().describe("The latest version; null when none is published"),
            update_url: z.string().nullable().describe(
              "Download URL of the latest release; null without an update",
            ),
          }).meta({
            examples: [{
              has_update: true,
              current_version: "1.0.0",
              latest_version: "1.1.0",
              update_url: "https://example.com/download/v1.1.0",
            }],
          }),
        },
      },
      async handle({ ctx, query }) {
        const user = ctx.actor.kind === "user" ? callerOf(ctx) : null;
        const { updateAvailable, latest } = await checkUserVersion(ctx, {
          user: user && { id: user.id, deviceId: user.session.deviceId },
          currentVersion: query.current_version,
        });
        return ok({
          has_update: updateAvailable,
          current_version: query.current_version,
          latest_version: latest?.version ?? null,
          update_url: updateAvailable ? latest!.downloadUrl : null,
        });
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/v2/integrity/heartbeat",
      operationId: "sendIntegrityHeartbeat",
      summary: "Send an integrity heartbeat",
      changes: true,
      body: z.object({ state_hash: shownText(255).describe("Hash of the app's state") }).meta({
        examples: [{ state_hash: "d2a84f4b8b650937" }],
      }),
      answers: {
        200: {
          description: "Heartbeat recorded",
          schema: z.object({ success: z.literal(true).describe("Always true"), message }),
        },
      },
      async handle({ ctx, body }) {
        const { id, session } = callerOf(ctx);
        await recordAppState(ctx, { sessionId: session.id, stateHash: body.state_hash });
        if (session.deviceId !== null) await findEntitlement(ctx, id, session.deviceId);
        return ok({ success: true as const, message: "Heartbeat received" });
      },
    }),
  ];
}

const activeLicense = z.object({
  status: z.literal("ACTIVE").describe("Status of the license"),
  plan: z.string().describe("The plan's code"),
  features,
  expires_at: time.nullable().describe("Expiration time; null: never expires"),
  starts_at: time.describe("Start time"),
  message,
  ...grace,
});

/** A token sent as text may be JSON. */
function readToken(token: unknown): unknown {
  if (token == null || token === "") {
    refuseInput({
      field: "entitlement_token",
      reason: "required",
      message: "entitlement_token is required.",
    });
  }
  if (typeof token !== "string" || !token.trimStart().startsWith("{")) return token;
  try {
    return JSON.parse(token);
  } catch {
    return token;
  }
}
