// A user's devices: the active activations of the user's licenses.
import { activateMachine, type ActivationResult } from "../activations/activate.ts";
import type { ActivationRow } from "../activations/activation.ts";
import type { Components } from "../activations/components.ts";
import { deactivateActivation } from "../activations/deactivate.ts";
import { getValidationDataById } from "../activations/validation_data.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import type { Metadata } from "../metadata.ts";
import { type Entitlement, getEntitlement } from "./entitlement.ts";

/** What an app reports about its device. */
export interface Device {
  id: string;
  name: string | null;
  /** Named, hashed parts of it. */
  components?: Components | null;
  /** Replaces that of the activation. */
  metadata?: Metadata | null;
}

/**
 * Registers a device on the license of the user's entitlement. A registered device is updated, also when the license
 * is at its limit.
 *
 * @throws DomainError `NO_ENTITLEMENT`, and as `activateMachine`
 */
export async function registerUserDevice(
  ctx: Context,
  { userId, device }: { userId: number; device: Device },
): Promise<ActivationResult> {
  return await activateEntitlement(ctx, await getEntitlement(ctx, userId, device.id), device);
}

/** Activates the license of an entitlement on a device, as `activateMachine`. */
export function activateEntitlement(
  ctx: Context,
  entitlement: Entitlement,
  device: Device,
): Promise<ActivationResult> {
  const machine = {
    hardwareId: device.id,
    machineName: device.name,
    appVersion: null,
    components: device.components,
    metadata: device.metadata,
    field: "deviceId",
  } as const;
  return activateMachine(ctx, machine, {
    licenseId: entitlement.licenseId,
    keyDigests: [],
    load: (ctx) => getValidationDataById(ctx, entitlement.licenseId, device.id),
  });
}

/** A user's devices, the newest first. */
export function listUserDevices(ctx: Context, userId: number): Promise<ActivationRow[]> {
  return ctx.db<ActivationRow[]>`
    select a.*
    from activations a
    join licenses l on l.id = a.license_id
    where l.user_id = ${userId} and l.deleted_at is null and a.is_active
    order by a.id desc`;
}

/**
 * Removes a device of a user.
 *
 * @throws DomainError `DEVICE_NOT_FOUND`, also for other users' devices
 */
export async function removeUserDevice(
  ctx: Context,
  { userId, activationId }: { userId: number; activationId: number },
): Promise<void> {
  const [license] = await ctx.db<{ id: number }[]>`
    select l.id
    from activations a
    join licenses l on l.id = a.license_id
    where a.id = ${activationId} and l.user_id = ${userId} and l.deleted_at is null`;
  if (!license || !await deactivateActivation(ctx, license.id, activationId)) refuse("DEVICE_NOT_FOUND");
}
