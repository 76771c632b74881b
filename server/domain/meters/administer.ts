// What administrators see of metered use and correct in it.
import type { z } from "zod";
import { requireRole } from "../authorization.ts";
import { dayOf } from "../calendar.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuseNotFound } from "../entity.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { type CurrentMeter, type MeterUsageRow } from "./meter.ts";
import type { usageAdjustment } from "./inputs.ts";
import { requireLicense } from "./require_license.ts";
import { listCurrentMeters } from "./usage.ts";
import { meterTerms } from "../usage/meter_terms.ts";

/** Periods of a license's meters that are shown. */
const MAX_PERIODS = 200;

/** What was used of a meter in a period that is over, or that the license counts no more. */
export type PastPeriod =
  & Pick<MeterUsageRow, "meter" | "period" | "startsOn" | "endsOn" | "used">
  & { limit: number };

/**
 * The meters of a license in their current periods, and what was used before, the latest first.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getLicenseUsage(
  ctx: Context,
  licenseId: number,
): Promise<{ meters: CurrentMeter[]; past: PastPeriod[] }> {
  requireRole(ctx, "viewer");
  await requireLicense(ctx, licenseId);
  const [meters, past] = await Promise.all([
    listCurrentMeters(ctx, licenseId),
    ctx.db<PastPeriod[]>`
      select
        meter, period, starts_on, ends_on, used, max_units as "limit"
      from meter_usage
      where license_id = ${licenseId}
      order by starts_on desc, meter, period
      limit ${MAX_PERIODS}`,
  ]);
  const isCurrent = ({ meter, period, startsOn }: PastPeriod) =>
    meters.some((each) => each.meter === meter && each.period === period && each.startsOn === startsOn);
  return { meters, past: past.filter((row) => !isCurrent(row)) };
}

/** A meter after a correction. */
export interface AdjustedMeter extends CurrentMeter {
  /** Units by which it was changed; the opposite undoes it and keeps what was counted since. */
  change: number;
}

/**
 * Corrects what was used of a meter in its current period: sets it (`used`), or adds to it (`by`), which loses nothing that
 * is counted meanwhile. Reservations stay.
 *
 * @throws DomainError `NOT_FOUND`, `METER_NOT_FOUND`, `INVALID_REQUEST` when it has both or neither of them, or subtracts
 *   more than is used
 */
export async function adjustUsage(
  ctx: Context,
  { id, meter, reason, ...correction }: { id: number } & z.infer<typeof usageAdjustment>,
): Promise<AdjustedMeter> {
  requireRole(ctx, "manager");
  const adjusted = await inTransaction(ctx, async (ctx) => {
    const [license] = await ctx.db<{ customerId: number }[]>`
      select customer_id
      from licenses
      where id = ${id} and deleted_at is null
      for key share`;
    if (!license) refuseNotFound("license");
    // The row of the period is there and locked before it is read, so that no increment is lost.
    await ctx.db`
      insert into meter_usage (license_id, meter, period, starts_on, ends_on, max_units, updated_at)
      select l.id, ${meter}, m.period, p.starts_on, p.ends_on, m.max_units, ${ctx.now}
      from licenses l
      ${meterTerms(ctx.db, ctx.db`${meter}::text`, ctx.db`${dayOf(ctx.now)}::date`)}
      where l.id = ${id} and l.meters ? ${meter}
      on conflict on constraint meter_usage_pkey do update
      set updated_at = greatest(meter_usage.updated_at, excluded.updated_at)`;
    const meters = await listCurrentMeters(ctx, id);
    const before = meters.find((each) => each.meter === meter);
    if (!before) refuse("METER_NOT_FOUND", { meter, meters: meters.map(({ meter }) => meter) });
    const used = correctedUse(before, correction);
    await ctx.db`
      update meter_usage
      set used = ${used}
      where license_id = ${id} and meter = ${meter} and period = ${before.period} and starts_on = ${before.startsOn}`;
    await recordEvent(ctx, {
      type: "usage.adjusted",
      subjectId: id,
      licenseId: id,
      customerId: license.customerId,
      before: { meter, used: before.used },
      after: { meter, used, reason },
    });
    return { ...before, used, change: used - before.used };
  });
  ctx.balances?.forget(id);
  return adjusted;
}

/** What is used after a correction. What is reserved can still be committed then. */
function correctedUse(
  { used: before, reserved }: Pick<CurrentMeter, "used" | "reserved">,
  { used, by }: { used?: number; by?: number },
): number {
  if (used !== undefined && by !== undefined) {
    refuse("INVALID_REQUEST", { field: "by", reason: "contradicts", other: "used" });
  }
  if (used !== undefined) return used;
  if (by === undefined) refuse("INVALID_REQUEST", { field: "used", reason: "required" });
  if (before + by < 0) refuse("INVALID_REQUEST", { field: "by", reason: "more_than_used", maximum: before });
  if (before + reserved + by > Number.MAX_SAFE_INTEGER) {
    refuse("INVALID_REQUEST", { field: "by", reason: "not_allowed" });
  }
  return before + by;
}
