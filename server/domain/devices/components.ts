// The components of a device, by name, and when it was recognised by them with a new fingerprint.
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";

export interface DeviceComponents {
  /** What is known of the machine, in order of names, and since when each part has been the same. */
  components: { name: string; since: Date }[];
  /** The latest changes of its fingerprint, the newest first. */
  rebinds: DeviceRebind[];
}

export interface DeviceRebind {
  id: number;
  at: Date;
  fingerprintBefore: string | null;
  fingerprintAfter: string | null;
  /** Names of the components that were not the same. */
  changedComponents: string[];
}

const MAX_REBINDS = 20;

/**
 * The components of a device, active or not.
 *
 * @throws DomainError `NOT_FOUND`, also for a device of a deleted license
 */
export async function getDeviceComponents(ctx: Context, id: number): Promise<DeviceComponents> {
  requireRole(ctx, "viewer");
  const [device] = await ctx.db<{ licenseId: number }[]>`
    select a.license_id
    from activations a
    join licenses l on l.id = a.license_id
    where a.id = ${id} and l.deleted_at is null`;
  if (!device) refuse("NOT_FOUND", { subject: "device", field: "id" });
  const components = await ctx.db<DeviceComponents["components"]>`
    select name, since
    from activation_components
    where activation_id = ${id}
    order by name`;
  // Events about an activation are found by its license.
  const rebinds = await ctx.db<DeviceRebind[]>`
    select
      id, occurred_at as at, before ->> 'hardwareId' as fingerprint_before, after ->> 'hardwareId' as fingerprint_after,
      coalesce(after -> 'changedComponents', '[]') as changed_components
    from events
    where license_id = ${device.licenseId} and activation_id = ${id} and type = 'activation.rebound'
    order by id desc
    limit ${MAX_REBINDS}`;
  return { components: [...components], rebinds: [...rebinds] };
}
