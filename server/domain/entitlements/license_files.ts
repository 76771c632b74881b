// License files of a user's devices.
import type { ActivationRow } from "../activations/activation.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import type { IssuedFile, NameFileClaims } from "../license_files/license_file.ts";
import { type FileForDevice, issueForActivation } from "../license_files/of_device.ts";

export type DeviceWithFile = ActivationRow & {
  /** Whether its license allows use without a connection. */
  mayHaveFile: boolean;
  /** When its license file ends; null: it has none, or it has ended. */
  fileEnds: Date | null;
};

/** A user's devices with their license files, the newest first. */
export function listDevicesWithFiles(ctx: Context, userId: number): Promise<DeviceWithFile[]> {
  return ctx.db<DeviceWithFile[]>`
    select
      a.*, l.offline_days > 0 as may_have_file,
      case when f.expires_at > ${ctx.now} and f.returned_at is null then f.expires_at end as file_ends
    from activations a
    join licenses l on l.id = a.license_id
    left join license_files f on f.activation_id = a.id
    where l.user_id = ${userId} and l.deleted_at is null and a.is_active
    order by a.id desc`;
}

/** Whether one of a user's licenses allows use without a connection. */
export async function mayUseOffline(ctx: Context, userId: number): Promise<boolean> {
  const [{ isAllowed }] = await ctx.db<{ isAllowed: boolean }[]>`
    select exists (
      select from licenses
      where user_id = ${userId} and deleted_at is null and offline_days > 0
    ) as is_allowed`;
  return isAllowed;
}

/**
 * Issues a license file for a device of a user.
 *
 * @throws DomainError `DEVICE_NOT_FOUND`, also for other users' devices, and as `issueForActivation`
 */
export async function issueUserFile(
  ctx: Context,
  { userId, ...input }: FileForDevice & { userId: number },
  nameClaims: NameFileClaims,
): Promise<IssuedFile> {
  const [device] = await ctx.db<ActivationRow[]>`
    select a.*
    from activations a
    join licenses l on l.id = a.license_id
    where a.id = ${input.activationId} and l.user_id = ${userId} and l.deleted_at is null`;
  if (!device) refuse("DEVICE_NOT_FOUND");
  return await issueForActivation(ctx, device, input, nameClaims);
}
