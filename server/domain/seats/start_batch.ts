// Starting seats for several callers, in one transaction of two statements. The first locks the licenses, so that the second
// one sees seats that were started until then.
import { type Db, transaction } from "../../../db/connect.ts";
import { type LicenseRequest, lockedLicenses, requestRows } from "../activations/machine_requests.ts";
import type { CalendarDay } from "../calendar.ts";
import { eventsOfCallers } from "../events/record.ts";
import { usableOn } from "../policy/conditions.ts";
import type { SeatRow, SeatUsage } from "./seat.ts";

/** The machine of one caller. */
export interface StartRequest extends LicenseRequest {
  hardwareId: string;
  /** Today in UTC. */
  day: CalendarDay;
  /** ISO 8601. */
  expiresAt: string;
}

/**
 * Starts seats on activated machines. A machine that has a seat in use gets it again, also when the license is at its limit.
 *
 * @param options.waits whether it waits for licenses and seats that another transaction has locked
 * @returns a result for each request, in order; null when license or machine are not usable, no seat is free, and when it is
 *   undecided: of several requests for one machine the first is decided
 */
export async function startSeats(
  db: Db,
  requests: StartRequest[],
  { waits }: { waits: boolean },
): Promise<((SeatRow & SeatUsage) | null)[]> {
  const rows = await transaction(db, async (db) => {
    const own = {
      names: db`hardware_id, day, new_expiry`,
      arrays: db`
        ${requests.map(({ hardwareId }) => hardwareId)}::text[], ${requests.map(({ day }) => day)}::date[],
        ${requests.map(({ expiresAt }) => expiresAt)}::timestamptz[]`,
    };
    const licenses = await db<{ id: number }[]>`
      with request as materialized (${requestRows(db, requests, own)}),
      locked as materialized (${lockedLicenses(db, { waits })})
      select id
      from locked`;
    const isUsable = usableOn({ db }, "l", db`r.day`);
    // A machine is deactivated under the license's lock, so it stays active until the seat is inserted.
    return await db<(SeatRow & SeatUsage & { position: number })[]>`
      with request as materialized (${requestRows(db, requests, own)}),
      machine as materialized (
        select distinct on (a.id)
          r.*, a.id as activation_id, l.customer_id, l.max_users, (
            select count(*)
            from seats s
            where s.license_id = l.id and s.expires_at > r.at
          ) as in_use
        from request r
        join licenses l on l.id = r.license_id
        join activations a on a.license_id = l.id and a.hardware_id = r.hardware_id
        where l.id = any(${licenses.map(({ id }) => id)}::bigint[]) and a.is_active
          and (r.product_id is null or l.product_id = r.product_id) and ${isUsable}
        order by a.id, r.position
      ),
      known as materialized (
        select s.id, s.activation_id, s.expires_at > m.at as is_live
        from machine m
        join seats s on s.activation_id = m.activation_id
        order by s.id
        for no key update of s ${waits ? db`` : db`skip locked`}
      ),
      resumed as (
        update seats s
        set last_heartbeat = m.at, expires_at = greatest(s.expires_at, m.new_expiry)
        from known k
        join machine m on m.activation_id = k.activation_id
        where s.id = k.id and k.is_live
        returning s.*
      ),
      wanted as materialized (
        select m.*, row_number() over (partition by m.license_id order by m.position) as rank
        from machine m
        left join seats s on s.activation_id = m.activation_id
        left join known k on k.activation_id = m.activation_id
        where s.id is null or not k.is_live
      ),
      started as (
        insert into seats (license_id, activation_id, started_at, last_heartbeat, expires_at)
        select license_id, activation_id, at, at, new_expiry
        from wanted
        where in_use + rank <= max_users
        order by position
        on conflict on constraint seats_activation_id_unique do update
        set
          id = gen_random_uuid(), started_at = excluded.started_at, last_heartbeat = excluded.last_heartbeat,
          expires_at = excluded.expires_at
        where seats.expires_at <= excluded.started_at
        returning *
      ),
      recorded as (${
      eventsOfCallers(
        db,
        "activation",
        db`
          select
            'seat.started' as type, m.at, m.actor_kind, m.actor_id, m.actor_name, m.request_id, m.traceparent,
            m.activation_id as subject_id, m.license_id, m.customer_id, m.activation_id,
            null::jsonb as before, null::jsonb as after
          from started
          join machine m on m.activation_id = started.activation_id
          order by m.position`,
      )
    }),
      decided as (
        select *, 1 as added
        from started
        union all
        select *, 0
        from resumed
      )
      select
        m.position, m.max_users,
        m.in_use + sum(d.added) over (partition by m.license_id order by m.position) as active_sessions,
        d.id, d.license_id, d.activation_id, d.started_at, d.last_heartbeat, d.expires_at
      from decided d
      join machine m on m.activation_id = d.activation_id`;
  });
  const results = requests.map((): (SeatRow & SeatUsage) | null => null);
  for (const { position, ...seat } of rows) results[position - 1] = seat;
  return results;
}
