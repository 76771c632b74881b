// Reading what is used of a license's meters.
import type { Fragment } from "../../../db/connect.ts";
import { canSeeProduct } from "../authorization.ts";
import { dayOf } from "../calendar.ts";
import { type Context, noteSubject } from "../context.ts";
import { hasKey, refuseUnknownKey, requireKey } from "../licenses/key.ts";
import { type MeterBalance, meterTerms, sameMeter } from "./meter.ts";

/** A meter in its current period. */
export interface CurrentMeter extends MeterBalance {
  /** Percent of the limit that are admitted beyond it; null: any number. */
  overage: number | null;
  /** Units that are admitted with the overage. */
  most: number;
  /** Whether reservations may have lapsed that are not closed. */
  isDue: boolean;
}

/**
 * The meters of a license in their current periods, by name. Lapsed reservations do not count.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
export async function getUsageByKey(
  ctx: Context,
  licenseKey: string,
): Promise<{ licenseKey: string; meters: CurrentMeter[] }> {
  const key = requireKey(ctx, licenseKey);
  const [license] = await ctx.db<{ id: number; key: string; productId: number }[]>`
    select l.id, l.key, l.product_id
    from licenses l
    where ${hasKey(ctx, ctx.db`l.key_digest`, key)} and l.deleted_at is null`;
  if (!license || !canSeeProduct(ctx, license.productId)) refuseUnknownKey(key);
  noteSubject(ctx, license.id, null);
  return { licenseKey: license.key, meters: await listCurrentMeters(ctx, license.id) };
}

/** The meters of a license in their current periods, by name. */
export async function listCurrentMeters(ctx: Context, licenseId: number): Promise<CurrentMeter[]> {
  const rows = await ctx.db<CurrentMeter[]>`
    select
      name as meter, m.period, m.max_units as "limit", m.most, (l.meters -> name ->> 'overage')::integer as overage,
      p.starts_on, p.ends_on, coalesce(u.used, 0) as used,
      coalesce(u.reserved, 0) - coalesce(${lapsedUnits(ctx)}, 0)::bigint as reserved,
      coalesce(u.first_expiry <= ${ctx.now}, false) as is_due
    from licenses l
    cross join lateral jsonb_object_keys(l.meters) as name
    ${meterTerms(ctx.db, ctx.db`name`, ctx.db`${dayOf(ctx.now)}::date`)}
    left join meter_usage u on u.license_id = l.id and u.meter = name and u.period = m.period and u.starts_on = p.starts_on
    where l.id = ${licenseId}
    order by name`;
  return [...rows];
}

/** The units of a period `u` that are reserved by reservations that have lapsed and are not closed, as a subquery. */
function lapsedUnits(ctx: Context): Fragment {
  return ctx.db`(
    select sum(v.amount)
    from meter_reservations v
    where ${sameMeter(ctx.db, "v", "u")} and v.state = 'open' and v.expires_at <= ${ctx.now}
  )`;
}
