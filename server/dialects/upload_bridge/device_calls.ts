// /api/v2/devices: the active devices of a user's licenses.
import { z } from "zod";
import { components } from "../../domain/activations/inputs.ts";
import { listUserDevices, registerUserDevice, removeUserDevice } from "../../domain/entitlements/devices.ts";
import { metadata } from "../../domain/metadata.ts";
import { refuse } from "../../domain/errors.ts";
import { endpoint, ok } from "../../request/endpoint.ts";
import { text } from "../../request/fields.ts";
import type { Limits } from "../../request/limits.ts";
import { uploadBridgeForm } from "./form.ts";
import { admission, device, deviceName } from "./fields.ts";
import { callerOf, perUser, type UserGuards } from "./guards.ts";
import { wireAdmission, wireDevice } from "./wire.ts";

const shown = {
  id: 1,
  device_id: "DEVICE_ABC123",
  device_name: "My Computer",
  last_seen_at: "2025-01-27T12:00:00Z",
};

export function deviceCalls(guards: UserGuards, limits: Limits) {
  const common = {
    tag: "User devices",
    dialect: uploadBridgeForm,
    guard: guards.user,
    limits: perUser(limits.device),
  } as const;
  return [
    endpoint({
      ...common,
      method: "post",
      path: "/api/v2/devices/register",
      operationId: "registerUserDevice",
      summary: "Register a device",
      description:
        "At the limit a registered device is still accepted, and its name and metadata are updated.",
      changes: true,
      body: z.object({
        device_id: text(255).describe("The device's fingerprint, as computed by the app"),
        device_name: deviceName,
        components,
        metadata: metadata.nullish().describe(
          "What the app says about the device, by keys of its own, each value alone or as {value, public}; up to 50 keys. " +
            "It replaces what the device has; without it nothing changes. Apps read what is public",
        ),
      }).meta({ examples: [{ device_id: shown.device_id, device_name: shown.device_name }] }),
      answers: {
        200: {
          description: "The active device",
          schema: z.object({
            message: z.enum(["Device registered", "Device updated"]).describe("Readable result"),
            device,
            ...admission,
          }).meta({
            examples: [{ message: "Device registered", device: shown }],
          }),
        },
      },
      errors: [
        "NO_ENTITLEMENT",
        "ACTIVATION_LIMIT_REACHED",
        "NEW_MACHINES_LIMIT_REACHED",
        "MACHINE_ALREADY_ACTIVATED",
      ],
      async handle({ ctx, body }) {
        const { activation, isNew, ...limits } = await registerUserDevice(ctx, {
          userId: callerOf(ctx).id,
          device: {
            id: body.device_id,
            name: body.device_name,
            components: body.components,
            metadata: body.metadata,
          },
        });
        return ok({
          message: isNew ? "Device registered" : "Device updated",
          device: wireDevice(activation),
          ...wireAdmission(limits),
        });
      },
    }),

    endpoint({
      ...common,
      method: "get",
      path: "/api/v2/devices",
      operationId: "listUserDevices",
      summary: "List the user's devices",
      answers: {
        200: {
          description: "Active devices, the newest first",
          schema: z.object({
            devices: z.array(device.extend({
              entitlement_id: z.string().describe("Id of the license it is activated on"),
              user_id: z.string().describe("The user's id"),
            })).describe("The devices"),
          }).meta({ examples: [{ devices: [{ ...shown, entitlement_id: "7", user_id: "3" }] }] }),
        },
      },
      async handle({ ctx }) {
        const { id } = callerOf(ctx);
        const devices = await listUserDevices(ctx, id);
        return ok({
          devices: devices.map((activation) => ({
            ...wireDevice(activation),
            entitlement_id: String(activation.licenseId),
            user_id: String(id),
          })),
        });
      },
    }),

    endpoint({
      ...common,
      method: "delete",
      path: "/api/v2/devices/{id}",
      operationId: "removeUserDevice",
      summary: "Remove a device",
      description: "Deactivates the device immediately.",
      params: z.object({ id: z.string().describe("The device's id, as returned by the list") }),
      answers: {
        200: {
          description: "Device removed",
          schema: z.object({ message: z.string().describe("Readable result") }),
        },
      },
      errors: ["DEVICE_NOT_FOUND"],
      async handle({ ctx, params }) {
        // What can be no id is the id of nothing.
        if (!/^[1-9]\d{0,14}$/.test(params.id)) refuse("DEVICE_NOT_FOUND");
        await removeUserDevice(ctx, { userId: callerOf(ctx).id, activationId: Number(params.id) });
        return ok({ message: "Device removed successfully" });
      },
    }),
  ];
}
