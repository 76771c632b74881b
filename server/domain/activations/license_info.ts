// What an app can read about its license: terms, customer and machines.
import type { Context } from "../context.ts";
import { canSeeProduct } from "../authorization.ts";
import type { LicenseWithCustomer } from "../licenses/get_by_key.ts";
import { hasKey, refuseUnknownKey, requireKey } from "../licenses/key.ts";
import type { ActivationRow } from "./activation.ts";

export interface LicenseInfo {
  license: LicenseWithCustomer;
  /** All activations, inactive ones too, the newest first. */
  activations: ActivationRow[];
}

/**
 * A license by its key, with its activations, in one statement.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
export async function getLicenseInfo(ctx: Context, licenseKey: string): Promise<LicenseInfo> {
  const key = requireKey(ctx, licenseKey);
  const rows = await ctx.db<(LicenseWithCustomer & Joined)[]>`
    select l.*, c.name as customer_name, a.id as activation_id, a.hardware_id, a.machine_name, a.app_version,
      a.activated_at, a.last_heartbeat, a.is_active as is_activation_active, a.deactivated_at
    from licenses l
    join customers c on c.id = l.customer_id
    left join activations a on a.license_id = l.id
    where ${hasKey(ctx, ctx.db`l.key_digest`, key)} and l.deleted_at is null
    order by a.id desc`;
  const [license] = rows;
  if (!license || !canSeeProduct(ctx, license.productId)) refuseUnknownKey(key);
  return { license, activations: rows.flatMap((row) => isActivation(row) ? [activationOf(row)] : []) };
}

/** The columns of an activation beside those of its license; all null on a license without any. */
type Joined =
  & Omit<ActivationRow, "id" | "licenseId" | "isActive">
  & { activationId: number | null; isActivationActive: boolean };

type JoinedActivation = LicenseWithCustomer & Joined & { activationId: number };

function isActivation(row: LicenseWithCustomer & Joined): row is JoinedActivation {
  return row.activationId !== null;
}

function activationOf(row: JoinedActivation): ActivationRow {
  const { hardwareId, machineName, appVersion, activatedAt, lastHeartbeat, deactivatedAt } = row;
  return {
    id: row.activationId,
    licenseId: row.id,
    hardwareId,
    machineName,
    appVersion,
    activatedAt,
    lastHeartbeat,
    isActive: row.isActivationActive,
    deactivatedAt,
  };
}
