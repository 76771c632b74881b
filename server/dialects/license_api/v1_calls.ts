// POST /api/v1/activate and /api/v1/validate: the same two verbs under the names that the documented Python and C#
// clients use. They send no API key; the license key is their credential.
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";
import { activateLicense } from "../../domain/activations/activate.ts";
import { hasOnlyPlaceholders } from "../../domain/activations/fingerprints.ts";
import { components } from "../../domain/activations/inputs.ts";
import { verifyWithUsage } from "../../domain/meters/verify.ts";
import { parseKey } from "../../domain/licenses/key.ts";
import { whenKnown } from "../../domain/when_known.ts";
import { created, endpoint, ok } from "../../request/endpoint.ts";
import { text } from "../../request/fields.ts";
import { completeBody, nonce } from "../../request/signed_answers.ts";
import { wantsFile } from "../../request/wire_files.ts";
import type { Guards } from "../../request/guards.ts";
import { activated, activationErrors } from "./activation_calls.ts";
import { validationResult } from "./validation_calls.ts";
import { documentedForm } from "../../request/error_form.ts";
import { appVersion, licenseKey, machineName } from "./fields.ts";
import { wireActivated, wireValidationResult } from "./wire.ts";

const isFacts = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

/** The C# client sends an object: it counts as the SHA-256 of its canonical JSON (RFC 8785). */
const hardware = z.union([
  text(255),
  z.custom<Record<string, unknown>>(isFacts).meta({ type: "object" }),
]).transform((value, issues) => {
  if (typeof value === "string") return { hardwareId: value, hasOnlyPlaceholders: false };
  try {
    const json = canonicalize(wellFormed(value))!;
    const hardwareId = createHash("sha256").update(json).digest("hex");
    return { hardwareId, hasOnlyPlaceholders: hasOnlyPlaceholders(value) };
  } catch {
    // What JSON can write and the canonical form cannot: a number beyond all bounds.
    issues.addIssue({ code: "custom", message: "contains a value that is not allowed" });
    return z.NEVER;
  }
}).describe("The device's fingerprint, or an object of hardware properties");

/** A value with U+FFFD for each half of a surrogate pair, which names of Windows machines may contain and JSON may not. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name.toWellFormed(), wellFormed(entry)]),
  );
}

const activationId = z.union([
  z.string().regex(/^(act_)?[1-9]\d{0,14}$/, "must look like act_123"),
  z.int().positive(),
])
  .nullish()
  .transform((value) => value == null ? null : Number(String(value).replace("act_", "")))
  .describe("The activation's id, as returned by activate");

const activatedV1 = activated.extend({
  activation_id: z.string().describe("The activation's id, as used by validate and webhooks"),
}).meta({ id: "ActivatedV1" });

export function v1Calls(guards: Guards) {
  const common = {
    method: "post",
    tag: "Legacy v1",
    dialect: documentedForm,
    guard: guards.licenseHolder,
  } as const;
  return [
    endpoint({
      ...common,
      path: "/api/v1/activate",
      operationId: "activateLicenseV1",
      summary: "Activate a license (v1)",
      changes: true,
      caller: (body) => holder(body.license_key),
      body: z.object({
        license_key: licenseKey,
        hardware_id: hardware,
        machine_name: machineName,
        app_version: appVersion,
        components,
      }).meta({
        examples: [{
          license_key: "XXXX-XXXX-XXXX-XXXX",
          hardware_id: "unique-hardware-identifier",
          machine_name: "DESKTOP-ABC123",
          app_version: "1.0.0",
        }],
      }),
      answers: {
        201: { description: "A new activation", schema: activatedV1 },
        200: { description: "The existing activation", schema: activatedV1 },
      },
      errors: [...activationErrors],
      async handle({ ctx, body }) {
        const result = await activateLicense(ctx, {
          licenseKey: body.license_key,
          ...body.hardware_id,
          field: "hardwareId",
          machineName: body.machine_name,
          appVersion: body.app_version,
          components: body.components,
        });
        return (result.isNew ? created : ok)({
          ...wireActivated(result),
          activation_id: `act_${result.activation.id}`,
        });
      },
    }),

    endpoint({
      ...common,
      path: "/api/v1/validate",
      operationId: "validateLicenseV1",
      summary: "Validate a license (v1)",
      body: z.object({
        license_key: licenseKey,
        activation_id: activationId,
        hardware_id: hardware,
        app_version: appVersion,
        components,
        nonce,
        file: wantsFile,
      }).meta({
        examples: [{
          license_key: "XXXX-XXXX-XXXX-XXXX",
          activation_id: "act_123",
          hardware_id: "unique-hardware-identifier",
          app_version: "1.0.0",
        }],
      }),
      answers: { 200: { description: "The validation result", schema: validationResult } },
      errors: ["INVALID_LICENSE"],
      handle(call) {
        const { ctx, body, request } = call;
        const { hardwareId, hasOnlyPlaceholders } = body.hardware_id;
        const components = hasOnlyPlaceholders ? null : body.components;
        const sent = { licenseKey: body.license_key, hardwareId, components };
        const verify = () =>
          verifyWithUsage(ctx, {
            ...sent,
            appVersion: body.app_version,
            activationId: body.activation_id,
          });
        return whenKnown(
          completeBody(call, body, sent, verify, (result) => {
            request.services.metrics.validation(result.code);
            return wireValidationResult(result);
          }),
          ok,
        );
      },
    }),
  ];
}

/** Who has a license key, however it is spelt, without telling the key. */
function holder(licenseKey: string): string {
  return `license:${createHash("sha256").update(parseKey(licenseKey).canonical).digest("hex")}`;
}
