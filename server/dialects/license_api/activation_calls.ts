// POST /api/license/activate, verify, heartbeat and deactivate: a machine's life with its license.
import { z } from "zod";
import { activateLicense } from "../../domain/activations/activate.ts";
import { deactivateMachine } from "../../domain/activations/deactivate.ts";
import { metadata as metadataInput } from "../../domain/metadata.ts";
import { components } from "../../domain/activations/inputs.ts";
import { recordHeartbeat } from "../../domain/activations/heartbeat.ts";
import { getValidationData } from "../../domain/activations/validation_data.ts";
import { verifyWithUsage } from "../../domain/meters/verify.ts";
import { whenKnown } from "../../domain/when_known.ts";
import { created, endpoint, ok } from "../../request/endpoint.ts";
import type { Guards } from "../../request/guards.ts";
import type { Limits } from "../../request/limits.ts";
import { recognisePlain } from "../../request/plain_body.ts";
import { admission } from "../../request/wire_admission.ts";
import { shownUsage } from "../../request/wire_meters.ts";
import { documentedForm } from "../../request/error_form.ts";
import {
  activation,
  activationMetadata,
  appVersion,
  day,
  entitlements,
  expiry,
  expiryExample,
  hardwareHash,
  leaseEnds,
  licenseKey,
  machineName,
  metadata,
  startsWith,
  time,
  validationCode,
} from "./fields.ts";
import {
  validationMessage,
  wireActivated,
  wireExpiry,
  wireKeyedActivation,
  wireLease,
  wireTime,
  wireValidationResult,
} from "./wire.ts";

const document = { license_key: "XXXX-XXXX-XXXX-XXXX", hardware_hash: "unique-hardware-identifier" };

const plainMachine = recognisePlain({ license_key: 64, hardware_hash: 255, app_version: 64 }, "components");

export const activated = z.object({
  message: z.string().describe("Readable result"),
  activation,
  lease_ends: leaseEnds,
  ...admission,
})
  .meta({
    id: "Activated",
    examples: [{
      message: "License activated successfully",
      activation: {
        id: 123,
        ...document,
        machine_name: "DESKTOP-ABC123",
        activated_at: "2025-06-19T10:30:00Z",
        last_heartbeat: "2025-06-19T10:30:00Z",
        is_active: true,
      },
    }],
  });

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

export const activationErrors = [
  "INVALID_LICENSE",
  "LICENSE_INACTIVE",
  "LICENSE_NOT_YET_VALID",
  "LICENSE_EXPIRED",
  "VERSION_NOT_ENTITLED",
  "ACTIVATION_LIMIT_REACHED",
  "NEW_MACHINES_LIMIT_REACHED",
  "MACHINE_ALREADY_ACTIVATED",
] as const;

export function activationCalls(guards: Guards, limits: Limits) {
  const common = {
    method: "post",
    tag: "License API",
    dialect: documentedForm,
    guard: guards.apiKey,
  } as const;
  return [
    endpoint({
      ...common,
      path: "/api/license/activate",
      operationId: "activateLicense",
      summary: "Activate a license",
      description: "If the device is already activated, its name, version and metadata are updated.",
      changes: true,
      body: z.object({
        license_key: licenseKey,
        hardware_hash: hardwareHash,
        machine_name: machineName,
        app_version: appVersion,
        components,
        metadata: metadataInput.nullish().describe(
          "What the app says about the device, by keys of its own, each value alone or as {value, public}; up to 50 keys. " +
            "It replaces what the device has; without it nothing changes. Apps read what is public",
        ),
      }).meta({ examples: [{ ...document, machine_name: "DESKTOP-ABC123", app_version: "1.0.0" }] }),
      answers: {
        201: { description: "A new activation", schema: activated },
        200: { description: "The existing activation", schema: activated },
      },
      errors: [...activationErrors],
      async handle({ ctx, body }) {
        const result = await activateLicense(ctx, {
          licenseKey: body.license_key,
          hardwareId: body.hardware_hash,
          machineName: body.machine_name,
          appVersion: body.app_version,
          components: body.components,
          metadata: body.metadata,
        });
        return (result.isNew ? created : ok)(wireActivated(result));
      },
    }),

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
      }).meta({
        examples: [{ ...document, app_version: "1.0.0" }],
      }),
      plainBody: plainMachine,
      answers: { 200: { description: "The validation result", schema: validationResult } },
      errors: ["INVALID_LICENSE"],
      handle({ ctx, body, request }) {
        const verified = verifyWithUsage(ctx, {
          licenseKey: body.license_key,
          hardwareId: body.hardware_hash,
          appVersion: body.app_version,
          components: body.components,
        });
        return whenKnown(verified, (result) => {
          request.services.metrics.validation(result.code);
          return ok(wireValidationResult(result));
        });
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
      }).meta({
        examples: [{ ...document, app_version: "1.0.0" }],
      }),
      plainBody: plainMachine,
      limits: ({ ctx, body }) =>
        whenKnown(
          getValidationData(ctx, body.license_key, body.hardware_hash),
          ({ activation }) =>
            limits.heartbeat && activation ? [[limits.heartbeat, String(activation.id)]] : [],
        ),
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
      handle({ ctx, body, request }) {
        const recorded = recordHeartbeat(ctx, {
          licenseKey: body.license_key,
          hardwareId: body.hardware_hash,
          appVersion: body.app_version,
          components: body.components,
        });
        return whenKnown(recorded, (result) => {
          const { valid, code, license, state, lastHeartbeat, leaseEnds } = result;
          request.services.metrics.validation(code);
          return ok({
            message: validationMessage(result),
            last_heartbeat: lastHeartbeat && wireTime(lastHeartbeat),
            valid,
            code,
            ...wireExpiry(license, state),
            ...wireLease(leaseEnds),
          });
        });
      },
    }),

    endpoint({
      ...common,
      path: "/api/license/deactivate",
      operationId: "deactivateLicense",
      summary: "Deactivate a device",
      description: "Frees the activation immediately. Has no effect on a deactivated device.",
      changes: true,
      body: z.object({ license_key: licenseKey, hardware_hash: hardwareHash }).meta({ examples: [document] }),
      answers: {
        200: {
          description: "Device deactivated",
          schema: z.object({ message: z.string().describe("Readable result"), activation }),
        },
      },
      errors: ["INVALID_LICENSE", "NOT_ACTIVATED"],
      async handle({ ctx, body }) {
        const { activation, licenseKey } = await deactivateMachine(ctx, {
          licenseKey: body.license_key,
          hardwareId: body.hardware_hash,
        });
        return ok({
          message: "License deactivated successfully",
          activation: wireKeyedActivation(activation, licenseKey),
        });
      },
    }),
  ];
}
