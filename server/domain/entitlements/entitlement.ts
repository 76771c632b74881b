// An entitlement: a user's view of one of their licenses, computed on request. Of several usable licenses one is
// chosen: paid before trial, then one on which the device is activated, then one with a free activation, then the one
// that expires last.
import { composeOnce } from "../../../db/compose_once.ts";
import type { Fragment } from "../../../db/connect.ts";
import { type CalendarDay, dayOf, endOf } from "../calendar.ts";
import { type Context, noteSubject } from "../context.ts";
import { refuse } from "../errors.ts";
import type { PublicMetadata } from "../metadata.ts";
import { publicMetadata } from "../metadata_columns.ts";
import { type Entitlements, featuresOf } from "../policy/entitlements.ts";
import { hasFreeActivation, usableOn } from "../policy/conditions.ts";
import type { LicenseTerms } from "../policy/terms.ts";

export interface Entitlement {
  licenseId: number;
  productId: number;
  /** The product's code. */
  product: string;
  /** The plan's code, or the license's type when it has no plan. */
  plan: string;
  /** The plan's codes, and the names of the entitlements. */
  features: string[];
  entitlements: Entitlements;
  metadata: PublicMetadata;
  hasMeters: boolean;
  maxDevices: number;
  currentDevices: number;
  /** First and last day in UTC, both inclusive; null: never expires. */
  validFrom: CalendarDay;
  validUntil: CalendarDay | null;
  /** Its terms, as `LicenseTerms`. */
  graceDays: number;
  afterExpiry: LicenseTerms["afterExpiry"];
  updatesUntil: CalendarDay | null;
  versions: string | null;
  /** The device's active activation on this license; null when it has none. */
  activationId: number | null;
  lastHeartbeat: Date | null;
}

/** The first instant after an entitlement's last day; null when it never expires. */
export function expiryOf({ validUntil }: Pick<Entitlement, "validUntil">): Date | null {
  return validUntil === null ? null : endOf(validUntil);
}

/**
 * A select of the entitlement that a user has on a day on a device: one row or none.
 *
 * @param of SQL expressions for the user's id, the device's hardware id and the day
 */
export function selectEntitlement(
  { db }: Pick<Context, "db">,
  of: { userId: Fragment; deviceId: Fragment; day: Fragment },
): Fragment {
  return db`
    select
      l.id as license_id, l.product_id, p.code as product, coalesce(pl.code, l.type) as plan,
      ${featuresOf({ db }, db`pl.features`, db`l.entitlements`)} as features, l.entitlements, ${
    publicMetadata({ db }, db`l.metadata`)
  } as metadata, l.meters <> '{}' as has_meters, l.max_activations as max_devices,
      l.activations_in_use as current_devices, l.valid_from, l.valid_until,
      l.grace_days, l.after_expiry, l.updates_until, l.versions, a.id as activation_id, a.last_heartbeat
    from licenses l
    join products p on p.id = l.product_id
    left join plans pl on pl.id = l.plan_id
    left join activations a on a.license_id = l.id and a.hardware_id = ${of.deviceId} and a.is_active
    where l.user_id = ${of.userId} and ${usableOn({ db }, "l", of.day)}
    order by
      l.type = 'trial', a.id is null, not (${hasFreeActivation({ db }, "l")}),
      l.valid_until desc nulls first, l.id desc
    limit 1`;
}

const selectOfUser = composeOnce<
  { userId: number; deviceId: string | null; day: CalendarDay },
  Entitlement
>((db, { userId, deviceId, day }) =>
  selectEntitlement({ db }, {
    userId: db`${userId}::bigint`,
    deviceId: db`${deviceId}::text`,
    day: db`${day}::date`,
  })
);

/** The entitlement a user has today. Reading a device's entitlement counts as its heartbeat. */
export async function findEntitlement(
  ctx: Context,
  userId: number,
  deviceId: string | null,
): Promise<Entitlement | null> {
  const [entitlement] = await selectOfUser(ctx.db, { userId, deviceId, day: dayOf(ctx.now) });
  if (entitlement) {
    noteSubject(ctx, entitlement.licenseId, entitlement.activationId);
    recordDeviceHeartbeat(ctx, entitlement);
  }
  return entitlement ?? null;
}

/**
 * The entitlement a user has today, as `findEntitlement`.
 *
 * @throws DomainError `NO_ENTITLEMENT`
 */
export async function getEntitlement(
  ctx: Context,
  userId: number,
  deviceId: string | null,
): Promise<Entitlement> {
  return await findEntitlement(ctx, userId, deviceId) ?? refuse("NO_ENTITLEMENT");
}

/** A license that a user has. */
export type LicenseOfPlan =
  & Pick<LicenseTerms, "validUntil" | "graceDays" | "updatesUntil" | "maxUsers">
  & { id: number; productId: number; entitlements: Entitlements };

const selectOfPlan = composeOnce<{ userId: number; plan: string; day: CalendarDay }, LicenseOfPlan>(
  (db, { userId, plan, day }) =>
    db`
    select l.id, l.product_id, l.valid_until, l.grace_days, l.updates_until, l.max_users, l.entitlements
    from licenses l
    left join plans pl on pl.id = l.plan_id
    where l.user_id = ${userId}
      and coalesce(pl.code, l.type) = ${plan}
      and ${usableOn({ db }, "l", db`${day}::date`)}
    order by l.valid_until desc nulls first, l.id desc
    limit 1`,
);

/** The usable license with that plan which a user has today; of several the one that expires last. */
export async function findLicenseOfPlan(
  ctx: Context,
  userId: number,
  plan: string,
): Promise<LicenseOfPlan | null> {
  const [license] = await selectOfPlan(ctx.db, { userId, plan, day: dayOf(ctx.now) });
  return license ?? null;
}

/** Minimum interval between heartbeats written for a device; milliseconds. */
const HEARTBEAT_INTERVAL = 60_000;

/** Records a heartbeat of the entitlement's device, without waiting for it to be written. */
export function recordDeviceHeartbeat(ctx: Context, { activationId, lastHeartbeat }: Entitlement): void {
  if (activationId === null || ctx.now.getTime() - lastHeartbeat!.getTime() < HEARTBEAT_INTERVAL) return;
  ctx.heartbeats.writeLater({ activationId, at: ctx.now, appVersion: null });
}
