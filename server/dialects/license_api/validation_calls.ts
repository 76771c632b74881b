// POST /api/license/verify and heartbeat: whether a license may be used on a machine, signed when the app sends a nonce.
import { z } from "zod";
import { isDomainError } from "../../domain/errors.ts";
import { components } from "../../domain/activations/inputs.ts";
import { recordHeartbeat } from "../../domain/activations/heartbeat.ts";
import { getValidationData } from "../../domain/activations/validation_data.ts";
import { verifyWithUsage } from "../../domain/meters/verify.ts";
import { type MaybePromise, whenKnown } from "../../domain/when_known.ts";
import { endpoint, ok } from "../../request/endpoint.ts";
import type { Guards } from "../../request/guards.ts";
import type { Limits } from "../../request/limits.ts";
import { recognisePlain } from "../../request/plain_body.ts";
import { completeBody, nonce, signature } from "../../request/signed_answers.ts";
import type { Limit } from "../../request/rate_limiter.ts";
import { licenseFile, wantsFile } from "../../request/wire_files.ts";
import { shownUsage } from "../../request/wire_meters.ts";
import { documentedForm } from "../../request/error_form.ts";
import {
  activationMetadata,
  appVersion,
  day,
  entitlements,
  expiry,
  expiryExample,
  hardwareHash,
  leaseEnds,
  licenseKey,
  metadata,
  startsWith,
  time,
  validationCode,
} from "./fields.ts";
import { validationMessage, wireExpiry, wireLease, wireTime, wireValidationResult } from "./wire.ts";

/** The license and the machine in examples. */
const document = { license_key: "XXXX-XXXX-XXXX-XXXX", hardware_hash: "unique-hardware-identifier" };

const plainMachine = recognisePlain({ license_key: 64, hardware_hash: 255, app_version: 64 }, "components");

export const validationResult = z.object({
  valid: z.boolean().describe("Whether the license may be used on this device today"),
  message: z.string().describe("Readable result"),
  code: validationCode,
  lease_ends: leaseEnds,
  license: z.object({
    key: z.string().describe("The license key, as it was issued"),
    valid_until: day.nullable().describe("Last valid day, inclusive; null: never expires"),
    max_users: z.int().describe("Concurrent users"),
    ...expiry,
    starts_with: startsWith,
  }).describe("The license"),
  entitlements,
  metadata,
  activation_metadata: activationMetadata,
  update_available: z.boolean().describe("Whether a release newer than app_version is available"),
  latest_version: z.string().nullable().describe("The latest version; null when none is published"),
  usage: shownUsage,
  license_file: licenseFile,
  signature,
}).meta({
  id: "ValidationResult",
  examples: [{
    valid: true,
    message: "License is valid",
    code: "VALID",
    license: { key: "XXXX-XXXX-XXXX-XXXX", valid_until: "2026-01-01", max_users: 10, ...expiryExample },
    entitlements: { api_access: true, exports: 50, edition: "studio" },
    metadata: { department: "Archive" },
    update_available: false,
    latest_version: "1.0.0",
  }],
});

export function validationCalls(guards: Guards, limits: Limits) {
  const common = {
    method: "post",
    tag: "License API",
    dialect: documentedForm,
    guard: guards.apiKey,
  } as const;
  return [
    endpoint({
      ...common,
      path: "/api/license/verify",
      operationId: "verifyLicense",
      summary: "Validate a license",
      description:
        "Returns 200 with a validation result for every license that exists. Counts as a heartbeat.",
      body: z.object({
        license_key: licenseKey,
        hardware_hash: hardwareHash,
        app_version: appVersion,
        components,
        nonce,
        file: wantsFile,
      }).meta({
        examples: [{ ...document, app_version: "1.0.0" }],
      }),
      plainBody: plainMachine,
      answers: { 200: { description: "The validation result", schema: validationResult } },
      errors: ["INVALID_LICENSE"],
      handle(call) {
        const { ctx, body, request } = call;
        const { components } = body;
        const sent = { licenseKey: body.license_key, hardwareId: body.hardware_hash, components };
        const verify = () => verifyWithUsage(ctx, { ...sent, appVersion: body.app_version });
        return whenKnown(
          completeBody(call, body, sent, verify, (result) => {
            request.services.metrics.validation(result.code);
            return wireValidationResult(result);
          }),
          ok,
        );
      },
    }),

    endpoint({
      ...common,
      path: "/api/license/heartbeat",
      operationId: "sendHeartbeat",
      summary: "Send a heartbeat",
      description: "At most once a minute for each activation, with one in reserve.",
      changes: true,
      body: z.object({
        license_key: licenseKey,
        hardware_hash: hardwareHash,
        app_version: appVersion,
        components,
        nonce,
        file: wantsFile,
      }).meta({
        examples: [{ ...document, app_version: "1.0.0" }],
      }),
      plainBody: plainMachine,
      limits({ ctx, body }) {
        const find = () =>
          whenKnown(
            getValidationData(ctx, body.license_key, body.hardware_hash),
            ({ activation }): [Limit, string][] =>
              limits.heartbeat && activation ? [[limits.heartbeat, String(activation.id)]] : [],
          );
        // The refusal of an unknown license is signed, so the handler refuses it.
        return body.nonce == null ? find() : unlessUnknown(find);
      },
      limited: ({ ctx }, machineId) =>
        ctx.heartbeats.countRefused({ activationId: Number(machineId), at: ctx.now }),
      answers: {
        200: {
          description: "Heartbeat recorded, with the current validation result",
          schema: z.object({
            message: z.string().describe("Readable result"),
            last_heartbeat: time.nullable().describe("Null when the device has no active activation"),
            valid: z.boolean().describe("Whether the license may be used on this device today"),
            code: validationCode,
            ...expiry,
            lease_ends: leaseEnds,
            license_file: licenseFile,
            signature,
          }).meta({
            examples: [{
              message: "License is valid",
              last_heartbeat: "2025-06-19T10:30:00Z",
              valid: true,
              code: "VALID",
              ...expiryExample,
            }],
          }),
        },
      },
      errors: ["INVALID_LICENSE"],
      handle(call) {
        const { ctx, body, request } = call;
        const { components } = body;
        const sent = { licenseKey: body.license_key, hardwareId: body.hardware_hash, components };
        const record = () => recordHeartbeat(ctx, { ...sent, appVersion: body.app_version });
        return whenKnown(
          completeBody(call, body, sent, record, (result) => {
            const { valid, code, license, state, lastHeartbeat, leaseEnds } = result;
            request.services.metrics.validation(code);
            return {
              message: validationMessage(result),
              last_heartbeat: lastHeartbeat && wireTime(lastHeartbeat),
              valid,
              code,
              ...wireExpiry(license, state),
              ...wireLease(leaseEnds),
            };
          }),
          ok,
        );
      },
    }),
  ];
}

/** Limits on the subject of a call; none while its license is unknown. */
async function unlessUnknown(find: () => MaybePromise<[Limit, string][]>): Promise<[Limit, string][]> {
  try {
    return await find();
  } catch (error) {
    if (isDomainError(error, "INVALID_LICENSE")) return [];
    throw error;
  }
}
