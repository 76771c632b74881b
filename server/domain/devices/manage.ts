// Registering and deactivating a device from administration. The rules are those of the app's own activation.
import { activateLicense, type ActivationResult, type Machine } from "../activations/activate.ts";
import { deactivateActivation } from "../activations/deactivate.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { getExistingLicense } from "../licenses/list.ts";

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
