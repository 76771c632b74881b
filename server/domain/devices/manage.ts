// Registering, editing and deactivating a device from administration. The rules are those of the app's own activation.
import type { z } from "zod";
import { activateLicense, type ActivationResult, type Machine } from "../activations/activate.ts";
import { deactivateActivation } from "../activations/deactivate.ts";
import { activationEntity } from "../activations/edit.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { type Update, updateEntity } from "../entity.ts";
import { refuse } from "../errors.ts";
import { getExistingLicense } from "../licenses/list.ts";
import type { WithRevision } from "../revision.ts";
import type { deviceChanges } from "./inputs.ts";
import { getDevice, type ListedDevice } from "./list.ts";

/**
 * Registers a device on a license.
 *
 * @throws DomainError `NOT_FOUND`, and as `activateLicense`
 */
export async function registerDevice(
  ctx: Context,
  licenseId: number,
  machine: Machine,
): Promise<ActivationResult> {
  requireRole(ctx, "manager");
  const license = await getExistingLicense(ctx, licenseId);
  return await activateLicense(ctx, { ...machine, licenseKey: license.key });
}

/**
 * Changes the given fields of a device.
 *
 * @throws DomainError `NOT_FOUND`, `REVISION_OUTDATED`
 */
export async function updateDevice(
  ctx: Context,
  input: Update<z.infer<typeof deviceChanges>>,
): Promise<ListedDevice & WithRevision> {
  await updateEntity(ctx, activationEntity, input);
  return await getDevice(ctx, input.id);
}

/**
 * Deactivates a device. Does nothing when it is inactive already.
 *
 * @returns whether this changed something
 * @throws DomainError `NOT_FOUND` when the license has no such device
 */
export async function deactivateDevice(
  ctx: Context,
  { licenseId, deviceId }: { licenseId: number; deviceId: number },
): Promise<boolean> {
  requireRole(ctx, "manager");
  await getExistingLicense(ctx, licenseId);
  const [device] = await ctx.db`
    select 1
    from activations
    where id = ${deviceId} and license_id = ${licenseId}`;
  if (!device) refuse("NOT_FOUND", { subject: "device", field: "deviceId" });
  return await deactivateActivation(ctx, licenseId, deviceId);
}
