// Commits and releases of reservations, several callers' in one transaction of two statements. The first locks the meters,
// as everyone does who changes them, before the reservations are.
import { type Db, transaction } from "../../../db/connect.ts";
import { callerRows, type EventCaller } from "../events/record.ts";
import { crossingEvents, toldAfter, toldBefore } from "./crossings.ts";
import { type MeterReceipt, sameMeter } from "./meter.ts";
import { meterTerms } from "../usage/meter_terms.ts";

export interface EndRequest extends EventCaller {
  reservationId: string;
  /** Null: licenses of every product. */
  productId: number | null;
  /** Units that were used; null: all that were reserved. 0 releases them. */
  used: number | null;
}

/**
 * Ends reservations: what was used is counted, the rest comes back.
 *
 * @param options.waits whether it waits for meters that another transaction has locked
 * @returns a receipt for each request, in order; null when there is no such open reservation, it holds fewer units, and when
 *   it is undecided: of several requests for one reservation the first is decided
 */
export async function endReservations(
  db: Db,
  requests: EndRequest[],
  { waits }: { waits: boolean },
): Promise<(MeterReceipt | null)[]> {
  const rows = await transaction(db, async (db) => {
    // A period that is over, or of a meter that the license has no more, is counted in, and tells of no threshold.
    const ids = requests.map(({ reservationId }) => reservationId);
    const own = {
      names: db`reservation_id, product_id, units`,
      arrays: db`
        ${ids}::uuid[], ${requests.map(({ productId }) => productId)}::bigint[],
        ${requests.map(({ used }) => used)}::bigint[]`,
    };
    const locked = await db<{ id: string }[]>`
      with known as materialized (
        select u.license_id, u.meter, u.period, u.starts_on
        from meter_usage u
        where (u.license_id, u.meter, u.period, u.starts_on) in (
          select license_id, meter, period, starts_on
          from meter_reservations
          where id = any(${ids}::uuid[])
        )
        order by u.license_id, u.meter, u.period, u.starts_on
        for no key update of u ${waits ? db`` : db`skip locked`}
      )
      select v.id
      from meter_reservations v
      join known k on ${sameMeter(db, "v", "k")}
      where v.id = any(${ids}::uuid[])`;
    return await db<(MeterReceipt & { position: number })[]>`
      with wanted as materialized (
        select distinct on (v.id)
          r.position, r.at, r.actor_kind, r.actor_id, r.actor_name, r.request_id, r.traceparent, v.id, v.license_id, v.meter,
          v.period, v.starts_on, v.amount as held, coalesce(r.units, v.amount) as amount, l.customer_id,
          m.period is not null as is_current, coalesce(m.max_units, u.max_units) as max_units, m.most, u.ends_on, u.used,
          u.reserved, ${toldBefore(db, db`u`, db`m`)} as told_units
        from ${callerRows(db, requests, own)}
        join meter_reservations v on v.id = r.reservation_id
        join meter_usage u on ${sameMeter(db, "v", "u")}
        join licenses l on l.id = v.license_id
        left join lateral (
          select m.*
          from (select) as one
          ${meterTerms(db, db`v.meter`, db`(r.at at time zone 'UTC')::date`)}
          where m.period = v.period and p.starts_on = v.starts_on
        ) as m on true
        where v.id = any(${locked.map(({ id }) => id)}::uuid[]) and v.state = 'open' and v.expires_at > r.at
          and (r.product_id is null or l.product_id = r.product_id) and l.deleted_at is null
          and (r.units is null or r.units <= v.amount)
        order by v.id, r.position
      ),
      ended as (
        update meter_reservations v
        set state = case when w.amount = 0 then 'released' else 'committed' end
        from wanted w
        where v.id = w.id
      ),
      counted as materialized (
        select
          w.*, used + sum(amount) over meters as used_after, reserved - sum(held) over meters as reserved_after
        from wanted w
        window meters as (partition by license_id, meter, period, starts_on order by position)
      ),
      told as materialized (
        select c.*, ${toldAfter(db, db`c`)} as told_after
        from counted c
      ),
      added as materialized (
        select
          license_id, meter, period, starts_on, sum(amount) as used, sum(held) as held, max(at) as at,
          min(max_units) as max_units,
          coalesce(max(told_after) filter (where amount > 0 and is_current), min(told_units)) as told_units
        from told
        group by license_id, meter, period, starts_on
      ),
      updated as (
        update meter_usage u
        set
          used = u.used + a.used, reserved = u.reserved - a.held, max_units = a.max_units, told_units = a.told_units,
          updated_at = greatest(u.updated_at, a.at)
        from added a
        where ${sameMeter(db, "u", "a")}
      ),
      recorded as (${
      crossingEvents(
        db,
        db`
          select *
          from counted
          where amount > 0 and is_current`,
      )
    })
      select
        position, uuidv7() as id, license_id, meter, period, amount, starts_on, ends_on, max_units as "limit",
        used_after::bigint as used, reserved_after::bigint as reserved
      from counted`;
  });
  const results = requests.map((): MeterReceipt | null => null);
  for (const { position, ...receipt } of rows) results[position - 1] = receipt;
  return results;
}
