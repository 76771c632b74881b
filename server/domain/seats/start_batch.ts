// Starting seats for several callers, in one transaction of two statements. The first locks the licenses and deletes their
// expired seats and tickets, so that the second one sees what was started, renewed and ended until then: what is left counts.
import { type Db, transaction } from "../../../db/connect.ts";
import { type LicenseRequest, lockedLicenses, requestRows } from "../activations/machine_requests.ts";
import type { CalendarDay } from "../calendar.ts";
import { eventsOfCallers, type EventType } from "../events/record.ts";
import type { SeatRow, SeatUsage } from "./seat.ts";
import { countedRows, machineRows, wantedRows } from "./start_rows.ts";
import type { QueuedTicket } from "./tickets.ts";

/** The machine of one caller. */
export interface StartRequest extends LicenseRequest {
  hardwareId: string;
  /** Today in UTC. */
  day: CalendarDay;
  /** Whether the license was found to cover the app's version. Without that it is undecided where the version decides. */
  isVersionEntitled: boolean;
  /** The seat that the app had; null: none that it knows of. */
  seatId: string | null;
  /** The ticket that the app holds; null: none that it knows of. */
  ticket: string | null;
  /** Whether it waits for a seat where the license has a queue. */
  waits: boolean;
}

/** The events of a caller that gets a seat or a ticket. */
const STARTED: EventType = "seat.started", QUEUED: EventType = "seat.queued";

export type StartResult =
  | { seat: SeatRow & SeatUsage; queued: null }
  | { seat: null; queued: QueuedTicket };

type StartedRow = SeatRow & SeatUsage & { position: number; queuedAt: Date | null; queuePosition: number };

/**
 * Starts seats on activated machines. A caller that has a seat gets it again, also when the license is at its limit: where
 * seats count for the license, the machine's seat; where they count for each machine, the one that the caller names. The
 * same applies to tickets. A holder of a ticket gets a seat when there is one for him and for all who came before; other
 * callers when there is one for them and all who wait.
 *
 * @param options.waits whether it waits for licenses and seats that another transaction has locked
 * @returns a result for each request, in order; null when license or machine are not usable, no seat is free and the caller
 *   does not wait, its ticket is gone, and when it is undecided: the app's version decides and was not evaluated,
 *   of several requests for one seat the first is decided
 */
export async function startSeats(
  db: Db,
  requests: StartRequest[],
  { waits }: { waits: boolean },
): Promise<(StartResult | null)[]> {
  const locking = waits ? db`` : db`skip locked`;
  const rows = await transaction(db, async (db) => {
    const own = {
      names: db`hardware_id, day, seat_id, ticket, waits, is_version_entitled`,
      arrays: db`
        ${requests.map(({ hardwareId }) => hardwareId)}::text[], ${requests.map(({ day }) => day)}::date[],
        ${requests.map(({ seatId }) => seatId)}::uuid[], ${requests.map(({ ticket }) => ticket)}::uuid[],
        ${requests.map(({ waits }) => String(waits))}::text[]::boolean[],
        ${requests.map(({ isVersionEntitled }) => isVersionEntitled ? 1 : 0)}::integer[]`,
    };
    const request = requestRows(db, requests, own);
    // A seat that is renewed meanwhile is locked, and no longer expired when it can be deleted.
    const licenses = await db<{ id: number }[]>`
      with request as materialized (${request}),
      locked as materialized (${lockedLicenses(db, { waits })}),
      asked as materialized (
        select license_id, max(at) as at
        from request
        where license_id in (select id from locked)
        group by license_id
      ),
      expired as materialized (
        select s.id
        from asked
        join seats s on s.license_id = asked.license_id and s.expires_at <= asked.at
        order by s.id
        for update of s ${locking}
      ),
      deleted as (
        delete from seats s
        using expired
        where s.id = expired.id
      ),
      gone as (
        delete from seat_tickets t
        using asked
        where t.license_id = asked.license_id and t.expires_at <= asked.at
      )
      select id
      from locked`;
    const ids = licenses.map(({ id }) => id);
    return await db<StartedRow[]>`
      with request as materialized (${request}),
      machine as materialized (${machineRows(db, ids)}),
      counted as materialized (${countedRows(db)}),
      known as materialized (
        select s.id
        from seats s
        where s.id in (select own_id from counted)
        order by s.id
        for no key update of s ${locking}
      ),
      resumed as (
        update seats s
        set last_heartbeat = c.at, expires_at = greatest(s.expires_at, c.new_expiry)
        from known k
        join counted c on c.own_id = k.id
        where s.id = k.id
        returning s.*, c.position
      ),
      wanted as materialized (${wantedRows(db)}),
      started as (
        insert into seats (id, license_id, activation_id, started_at, last_heartbeat, expires_at)
        select new_id, license_id, activation_id, at, at, new_expiry
        from wanted
        where is_granted
        order by position
        returning *
      ),
      used as (
        delete from seat_tickets t
        using counted c
        left join wanted w on w.position = c.position
        where t.id = c.ticket_id and (c.own_id is not null or w.is_granted)
      ),
      kept as (
        update seat_tickets t
        set last_heartbeat = w.at, expires_at = w.ticket_expiry
        from wanted w
        where t.id = w.ticket_id and not w.is_granted and w.waits
        returning t.*, w.position
      ),
      queued as (
        insert into seat_tickets (id, license_id, activation_id, queued_at, last_heartbeat, expires_at)
        select new_id, license_id, activation_id, at, at, ticket_expiry
        from wanted
        where is_queued
        order by position
        returning *
      ),
      recorded as (${
      eventsOfCallers(
        db,
        "activation",
        db`
          select
            case when w.is_granted then ${STARTED} else ${QUEUED} end as type,
            w.at, w.actor_kind, w.actor_id, w.actor_name, w.request_id, w.traceparent,
            w.activation_id as subject_id, w.license_id, w.customer_id, w.activation_id,
            null::jsonb as before, null::jsonb as after
          from wanted w
          where w.is_granted or w.is_queued
          order by w.position`,
      )
    }),
      decided as (
        select s.id, s.number, s.started_at, null::timestamptz as queued_at, s.last_heartbeat, s.expires_at, w.position
        from started s
        join wanted w on w.new_id = s.id
        union all
        select id, number, started_at, null, last_heartbeat, expires_at, position
        from resumed
        union all
        select t.id, t.number, null, t.queued_at, t.last_heartbeat, t.expires_at, w.position
        from queued t
        join wanted w on w.new_id = t.id
        union all
        select id, number, null, queued_at, last_heartbeat, expires_at, position
        from kept
      )
      select
        c.position, c.max_users, c.license_id, c.activation_id,
        c.in_use + count(*) filter (where w.is_granted) over before_it as active_sessions,
        1 + c.waiting - count(*) filter (where w.is_granted and w.ticket_id is not null) over before_it
          + case when w.is_queued then count(*) filter (where w.is_queued) over before_it - 1 else 0 end as queue_position,
        d.id, d.number, d.started_at, d.queued_at, d.last_heartbeat, d.expires_at
      from decided d
      join counted c on c.position = d.position
      left join wanted w on w.position = d.position
      window before_it as (partition by c.license_id, c.counted_machine order by c.position)`;
  });
  const results = requests.map((): StartResult | null => null);
  for (const { position, queuedAt, queuePosition, ...row } of rows) {
    const { startedAt: _, ...ticket } = row;
    results[position - 1] = queuedAt
      ? { seat: null, queued: { ...ticket, queuedAt, position: queuePosition } }
      : { seat: row, queued: null };
  }
  return results;
}
