// POST /api/license/activate and deactivate: a machine's use of its license begins and ends.
import { z } from "zod";
import { activateLicense } from "../../domain/activations/activate.ts";
import { deactivateMachine } from "../../domain/activations/deactivate.ts";
import { metadata as metadataInput } from "../../domain/metadata.ts";
import { components } from "../../domain/activations/inputs.ts";
import { created, endpoint, ok } from "../../request/endpoint.ts";
import type { Guards } from "../../request/guards.ts";
import { admission } from "../../request/wire_admission.ts";
import { documentedForm } from "../../request/error_form.ts";
import { activation, appVersion, hardwareHash, leaseEnds, licenseKey, machineName } from "./fields.ts";
import { wireActivated, wireKeyedActivation } from "./wire.ts";

const document = { license_key: "XXXX-XXXX-XXXX-XXXX", hardware_hash: "unique-hardware-identifier" };

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

export function activationCalls(guards: Guards) {
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
