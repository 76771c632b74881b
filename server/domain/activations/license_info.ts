// What an app can read about its license: terms, customer and machines.
import { type Context, noteSubject } from "../context.ts";
import { dayOf } from "../calendar.ts";
import { canSeeProduct } from "../authorization.ts";
import { hasKey, refuseUnknownKey, requireKey } from "../licenses/key.ts";
import type { LicenseRow } from "../licenses/license.ts";
import type { PublicMetadata } from "../metadata.ts";
import { publicMetadata } from "../metadata_columns.ts";
import { stateOn, usableOn } from "../policy/conditions.ts";
import { type Entitlements, noEntitlements } from "../policy/entitlements.ts";
import type { LicenseState } from "../policy/terms.ts";
import type { ActivationRow } from "./activation.ts";

export interface LicenseInfo {
  license: ShownLicense;
  /** All activations, inactive ones too, the newest first. */
  activations: ShownActivation[];
  /** Whether the license has meters. */
  hasMeters: boolean;
}

/** A license as its app may see it. It has entitlements while it is usable, if only by a version of the app. */
export type ShownLicense =
  & Pick<
    LicenseRow,
    | "id"
    | "key"
    | "type"
    | "isActive"
    | "validFrom"
    | "validUntil"
    | "maxActivations"
    | "maxUsers"
    | "graceDays"
    | "updatesUntil"
    | "startsWith"
  >
  & { customerName: string; state: LicenseState; entitlements: Entitlements; metadata: PublicMetadata };

/** A machine as its app may see it. */
export type ShownActivation =
  & Pick<
    ActivationRow,
    "id" | "hardwareId" | "machineName" | "activatedAt" | "lastHeartbeat" | "isActive"
  >
  & { metadata: PublicMetadata };

/**
 * A license by its key, with its activations, in one statement.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
export async function getLicenseInfo(ctx: Context, licenseKey: string): Promise<LicenseInfo> {
  const key = requireKey(ctx, licenseKey);
  const today = dayOf(ctx.now);
  const rows = await ctx.db<JoinedRow[]>`
    select
      l.id, l.key, l.product_id, l.type, l.is_active, l.valid_from, l.valid_until, l.max_activations, l.max_users,
      l.grace_days, l.updates_until, l.starts_with, ${
    stateOn(ctx, "l", today)
  } as state, l.meters <> '{}' as has_meters,
      ${usableOn(ctx, "l", today, { isEntitled: ctx.db`true` })} as is_usable, l.entitlements,
      ${publicMetadata(ctx, ctx.db`l.metadata`)} as metadata,
      c.name as customer_name, a.id as activation_id, a.hardware_id, a.machine_name, a.activated_at, a.last_heartbeat,
      a.is_active as is_activation_active, ${publicMetadata(ctx, ctx.db`a.metadata`)} as activation_metadata
    from licenses l
    join customers c on c.id = l.customer_id
    left join activations a on a.license_id = l.id
    where ${hasKey(ctx, ctx.db`l.key_digest`, key)} and l.deleted_at is null
    order by a.id desc`;
  const [license] = rows;
  if (!license || !canSeeProduct(ctx, license.productId)) refuseUnknownKey(key);
  noteSubject(ctx, license.id, null);
  return {
    license: license.isUsable ? license : { ...license, entitlements: noEntitlements },
    activations: rows.flatMap((row) => isActivated(row) ? [activationOf(row)] : []),
    hasMeters: license.hasMeters,
  };
}

/** A license with one of its activations, whose columns are null on a license without any. */
type JoinedRow =
  & ShownLicense
  & Pick<LicenseRow, "productId">
  & Omit<ShownActivation, "id" | "isActive" | "metadata">
  & {
    activationId: number | null;
    isActivationActive: boolean;
    activationMetadata: PublicMetadata;
    hasMeters: boolean;
    isUsable: boolean;
  };

function isActivated(row: JoinedRow): row is JoinedRow & { activationId: number } {
  return row.activationId !== null;
}

function activationOf(row: JoinedRow & { activationId: number }): ShownActivation {
  const { activationId, hardwareId, machineName, activatedAt, lastHeartbeat, isActivationActive } = row;
  return {
    id: activationId,
    hardwareId,
    machineName,
    activatedAt,
    lastHeartbeat,
    isActive: isActivationActive,
    metadata: row.activationMetadata,
  };
}
