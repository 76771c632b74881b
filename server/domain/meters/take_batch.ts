// Increments and reservations of several callers in one statement. It locks each meter once, in the order of licenses, so
// that limits stay exact, and decides only what is certain: whatever it leaves undecided its caller tries again alone.
import type { Db } from "../../../db/connect.ts";
import { type LicenseRequest, requestRows } from "../activations/machine_requests.ts";
import type { CalendarDay } from "../calendar.ts";
import { usableOn } from "../policy/conditions.ts";
import { crossingEvents, toldAfter, toldBefore } from "./crossings.ts";
import { type MeterReceipt, sameMeter } from "./meter.ts";
import { meterTerms } from "../usage/meter_terms.ts";

/** What one caller counts, or reserves. */
export interface TakeRequest extends LicenseRequest {
  meter: string;
  amount: number;
  /** The machine that uses the license; null: any. */
  hardwareId: string | null;
  /** Today in UTC. */
  day: CalendarDay;
  /** When the reservation expires, ISO 8601; null: it is counted at once. */
  expiresAt: string | null;
  /** Whether a version of the app may be known: it sends one, or names its machine. */
  mayHaveVersion: boolean;
  /** Whether the license was found to cover that version. Without that it is undecided where the version decides. */
  isVersionEntitled: boolean;
}

export interface TakeResult extends MeterReceipt {
  activationId: number | null;
  reservationId: string | null;
  expiresAt: Date | null;
}

/**
 * Counts or reserves units of meters.
 *
 * @param options.waits whether it waits for meters that another transaction has locked
 * @returns a receipt for each request, in order; null when the license or machine is not usable, has no such meter or too
 *   few units, and when it is undecided: a request after one that does not fit is, all of a meter with reservations
 *   that may have lapsed, and where the app's version decides and was not evaluated
 */
export async function takeUnits(
  db: Db,
  requests: TakeRequest[],
  { waits }: { waits: boolean },
): Promise<(TakeResult | null)[]> {
  const column = <Name extends keyof TakeRequest>(name: Name) => requests.map((request) => request[name]);
  const flags = (name: "mayHaveVersion" | "isVersionEntitled") => column(name).map((is) => is ? 1 : 0);
  const own = {
    names: db`meter, amount, hardware_id, day, expires_at, may_have_version, is_version_entitled`,
    arrays: db`
      ${column("meter")}::text[], ${column("amount")}::bigint[], ${column("hardwareId")}::text[],
      ${column("day")}::date[], ${column("expiresAt")}::timestamptz[],
      ${flags("mayHaveVersion")}::integer[], ${flags("isVersionEntitled")}::integer[]`,
  };
  const isUsable = db`(
    ${usableOn({ db }, "l", db`r.day`, { isEntitled: db`r.is_version_entitled = 1` })}
    or r.may_have_version = 0 and ${usableOn({ db }, "l", db`r.day`)}
  )`;
  // `known` has the rows as they are when they are locked, which may be later than the statement's snapshot. A row that
  // the snapshot does not have yet is caught by the primary key.
  const rows = await db<(TakeResult & { position: number })[]>`
    with request as materialized (${requestRows(db, requests, own)}),
    wanted as materialized (
      select
        r.position, r.at, r.actor_kind, r.actor_id, r.actor_name, r.request_id, r.traceparent, r.license_id, r.meter,
        r.amount, r.expires_at, l.customer_id, b.id as activation_id, m.period, m.max_units, m.most, p.starts_on, p.ends_on
      from request r
      join licenses l on l.id = r.license_id and l.meters ? r.meter
      ${meterTerms(db, db`r.meter`, db`r.day`)}
      left join activations b on b.license_id = l.id and b.hardware_id = r.hardware_id
      where (r.product_id is null or l.product_id = r.product_id) and ${isUsable}
        and (r.hardware_id is null or b.is_active)
    ),
    known as materialized (
      select u.*
      from meter_usage u
      where (u.license_id, u.meter, u.period, u.starts_on) in (
        select license_id, meter, period, starts_on
        from wanted
      )
      order by u.license_id, u.meter, u.period, u.starts_on
      for no key update of u ${waits ? db`` : db`skip locked`}
    ),
    summed as materialized (
      select
        r.*, k.license_id is not null as is_known, coalesce(k.used, 0) as used, coalesce(k.reserved, 0) as reserved,
        ${toldBefore(db, db`k`, db`r`)} as told_units,
        sum(r.amount) over meters as taken,
        sum(r.amount) filter (where r.expires_at is null) over meters as counted
      from wanted r
      left join known k on ${sameMeter(db, "r", "k")}
      where k.first_expiry is null or k.first_expiry > r.at
      window meters as (partition by r.license_id, r.meter, r.period, r.starts_on order by r.position)
    ),
    fitting as materialized (
      select
        *, uuidv7() as receipt_id, case when expires_at is not null then gen_random_uuid() end as reservation_id,
        used + coalesce(counted, 0) as used_after, reserved + taken - coalesce(counted, 0) as reserved_after
      from summed
      where used + reserved + taken <= most
    ),
    told as materialized (
      select f.*, ${toldAfter(db, db`f`)} as told_after
      from fitting f
    ),
    added as materialized (
      select
        license_id, meter, period, starts_on, min(ends_on) as ends_on, min(max_units) as max_units, max(at) as at,
        coalesce(max(told_after) filter (where expires_at is null), min(told_units)) as told_units,
        coalesce(sum(amount) filter (where expires_at is null), 0) as used,
        coalesce(sum(amount) filter (where expires_at is not null), 0) as reserved,
        min(expires_at) as first_expiry, bool_or(is_known) as is_known
      from told
      group by license_id, meter, period, starts_on
    ),
    inserted as (
      insert into meter_usage (
        license_id, meter, period, starts_on, ends_on, max_units, used, reserved, first_expiry, told_units,
        updated_at
      )
      select license_id, meter, period, starts_on, ends_on, max_units, used, reserved, first_expiry, told_units, at
      from added
      where not is_known
      order by license_id, meter, period, starts_on
      on conflict on constraint meter_usage_pkey do nothing
      returning license_id, meter, period, starts_on
    ),
    updated as (
      update meter_usage u
      set
        used = u.used + a.used, reserved = u.reserved + a.reserved, first_expiry = least(u.first_expiry, a.first_expiry),
        ends_on = a.ends_on, max_units = a.max_units, told_units = a.told_units, updated_at = greatest(u.updated_at, a.at)
      from added a
      where a.is_known and ${sameMeter(db, "u", "a")}
      returning u.license_id, u.meter, u.period, u.starts_on
    ),
    decided as materialized (
      select r.*
      from fitting r
      join (
        select *
        from inserted
        union all
        select *
        from updated
      ) as c on ${sameMeter(db, "r", "c")}
    ),
    reservation as (
      insert into meter_reservations (id, license_id, meter, period, starts_on, amount, reserved_at, expires_at)
      select reservation_id, license_id, meter, period, starts_on, amount, at, expires_at
      from decided
      where reservation_id is not null
    ),
    recorded as (${
    crossingEvents(
      db,
      db`
        select *
        from decided
        where reservation_id is null`,
    )
  })
    select
      position, receipt_id as id, license_id, activation_id, meter, period, amount, starts_on, ends_on,
      max_units as "limit", used_after::bigint as used, reserved_after::bigint as reserved, reservation_id, expires_at
    from decided`;
  const results = requests.map((): TakeResult | null => null);
  for (const { position, ...receipt } of rows) results[position - 1] = receipt;
  return results;
}
