// Devices: the list over all licenses, and the documented calls about those of one license.
import { deviceChanges, deviceList, newDevice } from "../domain/devices/inputs.ts";
import { getDevice, listDevices, listDevicesOfLicense } from "../domain/devices/list.ts";
import { objectCell } from "../domain/licenses/columns.ts";
import { deactivateDevice, registerDevice, updateDevice } from "../domain/devices/manage.ts";
import { z } from "zod";
import type { ActivationRow } from "../domain/activations/activation.ts";
import { created, type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { admission, wireAdmission } from "../request/wire_admission.ts";
import { wireTime } from "../request/wire_time.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import {
  done,
  integer,
  licenseId,
  metadataField,
  nullableText,
  revisionField,
  text,
  time,
} from "./schemas.ts";
import { bodyOf, wireId } from "./wire.ts";

export const device = z.object({
  id: integer.describe("The activation's id"),
  license_id: integer.describe("The license's id"),
  license_key: text.describe("The license key, as it was issued"),
  customer_id: integer.describe("The customer's id"),
  customer_name: text.describe("The customer's name"),
  product_id: integer.describe("The product's id"),
  product_name: text.describe("The product's name"),
  hardware_id: text.describe("The device's fingerprint"),
  machine_name: nullableText.describe("The device's name"),
  app_version: nullableText.describe("Version of the app"),
  activated_at: time,
  last_heartbeat: time,
  is_active: z.boolean().describe("Whether the activation is active"),
  lease_ends: time.nullable().describe(
    "When it lapses unless it is heard of; null when it never does, or is inactive",
  ),
  deactivated_at: time.nullable().describe("Time of deactivation; null when active"),
  deactivation_reason: z.enum(["replaced", "lapsed"]).nullable().describe(
    "Why it is inactive: another device replaced it, or it was not heard of for the lease of its license; null when it is active, or was deactivated by its app, its user or an administrator",
  ),
  ...metadataField,
  ...revisionField,
}).meta({ id: "Device" });

const registered = z.object({
  success: z.boolean().describe("Whether the action succeeded"),
  device_id: z.int().describe("The activation's id"),
  message: z.string().describe("Readable message"),
  ...admission,
}).meta({
  id: "DeviceRegistered",
  examples: [{ success: true, device_id: 456, message: "Device registered successfully" }],
});

export function deviceEndpoints(guards: Guards): Endpoint[] {
  const { viewer, manager } = guards;
  const common = { tag: "Devices", dialect: documentedForm } as const;
  return [
    ...resourceEndpoints({
      name: { entity: "Device", label: "device" },
      path: "/api/admin/devices",
      tag: "Devices",
      reads: viewer,
      writes: manager,
      schema: device,
      list: { input: deviceList, verb: listDevices },
      get: getDevice,
      update: { input: deviceChanges, verb: updateDevice },
      columns: {
        Id: (row) => row.id,
        Device: (row) => row.machineName,
        Fingerprint: (row) => row.hardwareId,
        License: (row) => row.licenseKey,
        Customer: (row) => row.customerName,
        Product: (row) => row.productName,
        Version: (row) => row.appVersion,
        Active: (row) => row.isActive,
        Activated: (row) => row.activatedAt,
        "Last seen": (row) => row.lastHeartbeat,
        Metadata: (row) => objectCell(row.metadata),
      },
    }),
    endpoint({
      ...common,
      method: "get",
      path: "/api/license/{license_id}/devices",
      operationId: "listLicenseDevices",
      summary: "List a license's devices",
      guard: guards.viewer,
      params: licenseId,
      answers: {
        200: {
          description: "Devices of the license, deactivated ones too, the newest first",
          schema: z.object({
            devices: z.array(z.object({
              id: z.int().describe("The activation's id"),
              hardware_hash: z.string().describe("The device's fingerprint"),
              machine_name: z.string().nullable().describe("The device's name"),
              activated_at: time,
              last_heartbeat: time,
              is_active: z.boolean().describe("Whether the activation is active"),
              app_version: z.string().nullable().describe("Version of the app"),
            })).describe("The devices"),
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
      operationId: "registerLicenseDevice",
      summary: "Add a device to a license",
      description: "If the device is already active, its name, version and metadata are updated.",
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
        201: { description: "The device is activated", schema: registered },
        200: { description: "The device was already active", schema: registered },
      },
      errors: [
        "NOT_FOUND",
        "INVALID_LICENSE",
        "LICENSE_INACTIVE",
        "LICENSE_NOT_YET_VALID",
        "LICENSE_EXPIRED",
        "VERSION_NOT_ENTITLED",
        "ACTIVATION_LIMIT_REACHED",
        "NEW_MACHINES_LIMIT_REACHED",
        "MACHINE_ALREADY_ACTIVATED",
      ],
      async handle({ ctx, params, body }) {
        const { activation, isNew, ...limits } = await registerDevice(ctx, params.license_id, {
          hardwareId: body.hardwareHash,
          machineName: body.machineName ?? null,
          appVersion: body.appVersion ?? null,
          metadata: body.metadata,
        });
        return (isNew ? created : ok)({
          success: true,
          device_id: activation.id,
          message: isNew ? "Device registered successfully" : "Device is already registered",
          ...wireAdmission(limits),
        });
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/license/{license_id}/deactivate-device/{device_id}",
      operationId: "deactivateLicenseDevice",
      summary: "Deactivate a device",
      guard: guards.manager,
      changes: true,
      params: licenseId.extend({ device_id: wireId.describe("The activation's id") }),
      answers: {
        200: {
          description: "The device is deactivated",
          schema: done.meta({
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
