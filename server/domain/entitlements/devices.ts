// A user's devices: the machines that hold a place on the user's licenses. A device is an activation, and its places
// are counted where all places are.
import { type Activated, activateMachine } from "../activations/activate.ts";
import type { ActivationRow } from "../activations/activation.ts";
import { deactivateActivation } from "../activations/deactivate.ts";
import { getValidationDataById } from "../activations/validation_data.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { type Entitlement, getEntitlement } from "./entitlement.ts";

/** What an app says of the machine it runs on. */
export interface Device {
  id: string;
  name: string | null;
}

/**
 * Registers a device on the license of the user's entitlement. One that is registered keeps its place, at the limit as
 * well, and takes the name given.
 *
 * @throws DomainError `NO_ENTITLEMENT`, `ACTIVATION_LIMIT_REACHED` with `max_activations` and `current_activations`
 */
export async function registerDevice(ctx: Context, userId: number, device: Device): Promise<Activated> {
  return await placeDevice(ctx, await getEntitlement(ctx, userId, device.id), device);
}

/** Gives a device its place on the license of an entitlement. */
export function placeDevice(ctx: Context, entitlement: Entitlement, device: Device): Promise<Activated> {
  return activateMachine(
    ctx,
    { hardwareId: device.id, machineName: device.name, appVersion: null },
    {
      which: ctx.db`id = ${entitlement.licenseId}`,
      read: () => getValidationDataById(ctx, entitlement.licenseId, device.id),
    },
  );
}

/** The devices of a user, on all their licenses, the newest first. */
export function listDevices(ctx: Context, userId: number): Promise<ActivationRow[]> {
  return ctx.db<ActivationRow[]>`
    select a.*
    from activations a
    join licenses l on l.id = a.license_id
    where l.user_id = ${userId} and l.deleted_at is null and a.is_active
    order by a.id desc`;
}

/**
 * Removes a device: its place is free at once.
 *
 * @throws DomainError `DEVICE_NOT_FOUND`, for other people's devices as for those that are not there
 */
export async function removeDevice(ctx: Context, userId: number, activationId: number): Promise<void> {
  const [license] = await ctx.db<{ id: number }[]>`
    select l.id
    from activations a
    join licenses l on l.id = a.license_id
    where a.id = ${activationId} and l.user_id = ${userId} and l.deleted_at is null`;
  if (!license || !await deactivateActivation(ctx, license.id, activationId)) refuse("DEVICE_NOT_FOUND");
}
