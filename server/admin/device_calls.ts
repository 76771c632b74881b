// The documented calls about the machines of a license.
import { z } from "zod";
import type { ActivationRow } from "../domain/activations/activation.ts";
import { deactivateDevice, registerDevice } from "../domain/devices/manage.ts";
import { listDevicesOfLicense } from "../domain/devices/list.ts";
import { newDevice } from "../domain/devices/inputs.ts";
import { created, endpoint, ok } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { documentedForm } from "../request/error_form.ts";
import { time } from "./fields.ts";
import { wireTime } from "../request/wire_time.ts";
import { licenseId } from "./license_calls.ts";
import { bodyOf, wireId } from "./wire.ts";

const registered = z.object({
  success: z.boolean().describe("Whether it was done"),
  device_id: z.int().describe("The machine's id"),
  message: z.string().describe("What happened, for people"),
}).meta({
  id: "DeviceRegistered",
  examples: [{ success: true, device_id: 456, message: "Device registered successfully" }],
});

export function deviceCalls(guards: Guards) {
  const common = { tag: "Devices", dialect: documentedForm } as const;
  return [
    endpoint({
      ...common,
      method: "get",
      path: "/api/license/{license_id}/devices",
      summary: "The machines of a license",
      guard: guards.viewer,
      params: licenseId,
      answers: {
        200: {
          description: "Every machine that ever was on it, the newest first",
          schema: z.object({
            devices: z.array(z.object({
              id: z.int().describe("Its id"),
              hardware_hash: z.string().describe("The machine's fingerprint"),
              machine_name: z.string().nullable().describe("The machine's name"),
              activated_at: time,
              last_heartbeat: time,
              is_active: z.boolean().describe("Whether it holds a place"),
              app_version: z.string().nullable().describe("The app's own version"),
            })).describe("The machines"),
          }).meta({
            examples: [{
              devices: [{
                id: 123,
                hardware_hash: "unique-hardware-identifier",
                machine_name: "DESKTOP-ABC123",
                activated_at: "2025-01-01T10:00:00Z",
                last_heartbeat: "2025-06-19T14:30:00Z",
                is_active: true,
                app_version: "1.0.0",
              }],
            }],
          }),
        },
      },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        const devices = await listDevicesOfLicense(ctx, params.license_id);
        return ok({
          devices: devices.map(wireDevice),
        });
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/license/{license_id}/register-device",
      summary: "Register a machine on a license",
      description: "A machine that is registered already keeps its place.",
      guard: guards.manager,
      changes: true,
      params: licenseId,
      body: bodyOf(newDevice).meta({
        examples: [{
          hardware_hash: "unique-hardware-identifier",
          machine_name: "DESKTOP-XYZ789",
          app_version: "1.0.0",
        }],
      }),
      answers: {
        201: { description: "A place was taken for it", schema: registered },
        200: { description: "It had a place already", schema: registered },
      },
      errors: [
        "NOT_FOUND",
        "INVALID_LICENSE",
        "LICENSE_INACTIVE",
        "LICENSE_NOT_YET_VALID",
        "LICENSE_EXPIRED",
        "ACTIVATION_LIMIT_REACHED",
      ],
      async handle({ ctx, params, body }) {
        const { activation, isNew } = await registerDevice(ctx, params.license_id, {
          hardwareId: body.hardwareHash,
          machineName: body.machineName ?? null,
          appVersion: body.appVersion ?? null,
        });
        return (isNew ? created : ok)({
          success: true,
          device_id: activation.id,
          message: isNew ? "Device registered successfully" : "Device is already registered",
        });
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/license/{license_id}/deactivate-device/{device_id}",
      summary: "Free the place a machine holds",
      guard: guards.manager,
      changes: true,
      params: licenseId.extend({ device_id: wireId.describe("The machine's id") }),
      answers: {
        200: {
          description: "It holds no place",
          schema: z.object({
            success: z.boolean().describe("Whether it was done"),
            message: z.string().describe("What happened, for people"),
          }).meta({
            examples: [{ success: true, message: "Device deactivated successfully" }],
          }),
        },
      },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        await deactivateDevice(ctx, { licenseId: params.license_id, deviceId: params.device_id });
        return ok({ success: true, message: "Device deactivated successfully" });
      },
    }),
  ];
}

function wireDevice(device: ActivationRow) {
  return {
    id: device.id,
    hardware_hash: device.hardwareId,
    machine_name: device.machineName,
    activated_at: wireTime(device.activatedAt),
    last_heartbeat: wireTime(device.lastHeartbeat),
    is_active: device.isActive,
    app_version: device.appVersion,
  };
}
