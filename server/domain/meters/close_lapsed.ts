// Closing reservations that lapsed: their units come back. Whoever reads a meter leaves them out already, so this corrects
// what is stored: before something is counted that does not fit otherwise, and now and then by a job.
import { transaction } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { type MeterKey, sameMeter } from "./meter.ts";

/** How long ended reservations are kept after they would have expired; milliseconds. */
const KEEP_ENDED = 24 * 3_600_000;
/** Periods of meters that are corrected in a transaction. */
const BATCH_SIZE = 500;

/**
 * Closes the reservations that have lapsed: those of a license, or of any license but in meters that others are counting now.
 *
 * @returns the number of periods of meters that were corrected
 */
export function closeLapsedReservations(ctx: Context, licenseId: number | null): Promise<number> {
  return transaction(ctx.db, async (db) => {
    // The second statement sees what was reserved until the first one had its locks.
    const due = await db<MeterKey[]>`
      select license_id, meter, period, starts_on
      from meter_usage u
      where first_expiry <= ${ctx.now} ${licenseId === null ? db`` : db`and license_id = ${licenseId}`}
      order by license_id, meter, period, starts_on
      limit ${BATCH_SIZE}
      for no key update ${licenseId === null ? db`skip locked` : db``}`;
    if (due.length === 0) return 0;
    await db`
      with corrected as materialized (
        select *
        from unnest(
          ${due.map(({ licenseId }) => licenseId)}::bigint[], ${due.map(({ meter }) => meter)}::text[],
          ${due.map(({ period }) => period)}::text[], ${due.map(({ startsOn }) => startsOn)}::date[]
        ) as key (license_id, meter, period, starts_on)
      ),
      lapsed as (
        update meter_reservations v
        set state = 'lapsed'
        from corrected k
        where ${sameMeter(db, "v", "k")} and v.state = 'open' and v.expires_at <= ${ctx.now}
        returning v.license_id, v.meter, v.period, v.starts_on, v.amount
      )
      update meter_usage u
      set
        reserved = u.reserved - (
          select coalesce(sum(a.amount), 0)
          from lapsed a
          where ${sameMeter(db, "u", "a")}
        ),
        first_expiry = (
          select min(v.expires_at)
          from meter_reservations v
          where ${sameMeter(db, "v", "u")} and v.state = 'open' and v.expires_at > ${ctx.now}
        )
      from corrected k
      where ${sameMeter(db, "u", "k")}`;
    return due.length;
  });
}

/**
 * Deletes reservations that ended more than a day ago.
 *
 * @returns the number of reservations
 */
export async function deleteEndedReservations(ctx: Context): Promise<number> {
  const deleted = await ctx.db`
    delete from meter_reservations
    where expires_at <= ${new Date(ctx.now.getTime() - KEEP_ENDED)} and state <> 'open'`;
  return deleted.count;
}

/** Corrects reservations from before the database's clock was put back: they last for as long as they were made for. */
export async function correctReservationsAhead(ctx: Context): Promise<void> {
  await ctx.db`
    update meter_reservations
    set reserved_at = ${ctx.now}, expires_at = ${ctx.now}::timestamptz + (expires_at - reserved_at)
    where state = 'open' and reserved_at > ${ctx.now}`;
  await ctx.db`
    update meter_usage u
    set first_expiry = ${ctx.now}
    where first_expiry > ${ctx.now}`;
}
