// An activation: one machine on one license.
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { networkOf } from "../network.ts";

/** A row of `activations`. */
export interface ActivationRow {
  id: number;
  licenseId: number;
  hardwareId: string;
  machineName: string | null;
  appVersion: string | null;
  activatedAt: Date;
  lastHeartbeat: Date;
  isActive: boolean;
  deactivatedAt: Date | null;
}

/**
 * The network of the machine that calls; null when an administrator acts for it. An administrator who registers a device
 * calls from their own network, which anomaly detection must not count as the machine's.
 */
function machineNetwork({ actor, address }: Context): string | null {
  return actor.kind === "administrator" || address === undefined ? null : networkOf(address);
}

/** The select that `eventsFrom` takes, for the activations in `source` with their license's `customer_id`. */
export function activationEvents(ctx: Context, source: Fragment): Fragment {
  return ctx.db`
    select
      id as subject_id, license_id, customer_id, id as activation_id,
      null::jsonb as before,
      jsonb_build_object(
        'hardwareId', hardware_id, 'machineName', machine_name, 'appVersion', app_version,
        'network', ${machineNetwork(ctx)}::text
      ) as after
    from ${source}`;
}
