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

/** What `eventsFrom` wants to know of the activations of a license in `source`. */
export function activationFacts(
  ctx: Context,
  license: { id: number; customerId: number },
  source: Fragment,
): Fragment {
  return ctx.db`
    select
      'activation' as subject_kind, id as subject_id, ${license.id}::bigint as license_id,
      ${license.customerId}::bigint as customer_id, id as activation_id,
      null::jsonb as before,
      jsonb_build_object(
        'hardwareId', hardware_id, 'machineName', machine_name, 'appVersion', app_version,
        'network', ${ctx.address === undefined ? null : networkOf(ctx.address)}::text
      ) as after
    from ${source}`;
}
