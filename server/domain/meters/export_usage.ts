// The metered use of a license as a table: a row for each period of each meter.
import { requireRole } from "../authorization.ts";
import type { CalendarDay } from "../calendar.ts";
import type { Context } from "../context.ts";
import type { Columns } from "../sheets/cells.ts";
import type { PastPeriod } from "./administer.ts";
import { requireLicense } from "./require_license.ts";
import { listCurrentMeters } from "./usage.ts";

/** A period; past ones have no reservations. */
export type UsagePeriod = PastPeriod & { reserved: number | null };

export const usageColumns: Columns<UsagePeriod> = {
  Meter: ({ meter }) => meter,
  Period: ({ period }) => period,
  From: ({ startsOn }) => startsOn,
  To: ({ endsOn }) => endsOn,
  Used: ({ used }) => used,
  Reserved: ({ reserved }) => reserved,
  Limit: ({ limit }) => limit,
};

/** Periods read at a time. */
const BATCH_SIZE = 1000;

/**
 * All periods of a license's meters: the current ones, by name, and those before, the latest first.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function* allUsagePeriods(ctx: Context, licenseId: number): AsyncGenerator<UsagePeriod> {
  requireRole(ctx, "viewer");
  await requireLicense(ctx, licenseId);
  const current = await listCurrentMeters(ctx, licenseId);
  yield* current;
  const isCurrent = ({ meter, period, startsOn }: PastPeriod) =>
    current.some((each) => each.meter === meter && each.period === period && each.startsOn === startsOn);
  let last: { meter: string; period: string; startsOn: CalendarDay } | null = null;
  while (true) {
    const rows: PastPeriod[] = await ctx.db<PastPeriod[]>`
      select
        meter, period, starts_on, ends_on, used, max_units as "limit"
      from meter_usage
      where license_id = ${licenseId} ${
      last === null ? ctx.db`` : ctx.db`
        and (starts_on < ${last.startsOn}::date or starts_on = ${last.startsOn}::date
          and (meter, period) > (${last.meter}::text, ${last.period}::text))`
    }
      order by starts_on desc, meter, period
      limit ${BATCH_SIZE}`;
    for (const row of rows) if (!isCurrent(row)) yield { ...row, reserved: null };
    if (rows.length < BATCH_SIZE) return;
    last = rows.at(-1)!;
  }
}
