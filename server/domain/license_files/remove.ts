// Entering a removal code: the app without a network that showed it no longer uses its license, so its device is deactivated.
import { deactivateActivation } from "../activations/deactivate.ts";
import { requireRole } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { isProven, readRemovalCode, type RemovalCode } from "./removal_code.ts";
import { listRemovalKeys, removalSecret } from "./removal_key.ts";

export interface RemovedDevice {
  activationId: number;
  licenseId: number;
  hardwareId: string;
  machineName: string | null;
  /** False when the device was deactivated already. */
  isChanged: boolean;
}

/**
 * Deactivates the device of a removal code. A code that was entered before does nothing while its device is deactivated.
 *
 * @param input.userId the user whose licenses the code may be for; null: an administrator may use any
 * @throws DomainError `REMOVAL_CODE_INVALID`, `REMOVAL_CODE_OUTDATED` when the device was activated again since,
 *   `NOT_FOUND` when there is no such device any more, or it is another user's
 */
export async function removeByCode(
  ctx: Context,
  { code, userId }: { code: string; userId: number | null },
): Promise<RemovedDevice> {
  if (userId === null) requireRole(ctx, "manager");
  const removal = readRemovalCode(code);
  const keys = removal ? await listRemovalKeys(ctx) : [];
  if (!removal || !keys.some((key) => isProven(removal, removalSecret(key, removal)))) {
    refuse("REMOVAL_CODE_INVALID");
  }
  return await inTransaction(ctx, (ctx) => removeDevice(ctx, removal, userId));
}

async function removeDevice(
  ctx: Context,
  { activationId, seq }: RemovalCode,
  userId: number | null,
): Promise<RemovedDevice> {
  // The license first, as every verb that deactivates does, so that the device is not activated again meanwhile.
  const [license] = await ctx.db<{ id: number }[]>`
    select l.id
    from licenses l
    where l.id = (select license_id from activations where id = ${activationId}) and l.deleted_at is null
      and (${userId}::bigint is null or l.user_id = ${userId})
    for no key update`;
  if (!license) refuse("NOT_FOUND", { subject: "device" });
  const [device] = await ctx.db<
    (Omit<RemovedDevice, "activationId" | "isChanged"> & { isActive: boolean; isOutdated: boolean })[]
  >`
    select a.license_id, a.hardware_id, a.machine_name, a.is_active,
      ${seq}::bigint < floor(extract(epoch from a.activated_at)) or ${seq}::bigint <= coalesce(f.removed_seq, 0)
        as is_outdated
    from activations a
    left join license_files f on f.activation_id = a.id
    where a.id = ${activationId}`;
  const { isActive, isOutdated, ...names } = device;
  if (isActive && isOutdated) refuse("REMOVAL_CODE_OUTDATED");
  const isChanged = isActive && await deactivateActivation(ctx, license.id, activationId);
  await ctx.db`
    update license_files
    set removed_seq = seq
    where activation_id = ${activationId}`;
  return { activationId, ...names, isChanged };
}
