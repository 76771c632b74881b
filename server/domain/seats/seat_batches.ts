// Heartbeats and ends of seats, each for several callers in one statement.
import type { Db, Fragment } from "../../../db/connect.ts";
import type { CalendarDay } from "../calendar.ts";
import type { Context } from "../context.ts";
import { callerRows, type EventCaller, eventCaller, eventsOfCallers } from "../events/record.ts";
import { usableOn } from "../policy/conditions.ts";
import { isInScope, seatExpiry, type SeatRow, type SeatUsage } from "./seat.ts";

/** A seat by the id that its app received. */
export interface SeatRequest extends EventCaller {
  seatId: string;
  /** Null: licenses of every product. */
  productId: number | null;
}

export interface RenewalRequest extends SeatRequest {
  /** Today in UTC. */
  day: CalendarDay;
  /** Whether the license was found to cover the app's version. Without that it is undecided where the version decides. */
  isVersionEntitled: boolean;
}

/** What a seat that ended belonged to, and what is left in use. */
export type EndedSeat = SeatUsage & Pick<SeatRow, "licenseId" | "activationId">;

export function seatRequest(ctx: Context, seatId: string): SeatRequest {
  return {
    ...eventCaller(ctx),
    seatId,
    productId: ctx.actor.kind === "api_key" ? ctx.actor.productId : null,
  };
}

/**
 * Renews seats.
 *
 * @param options.waits whether it waits for seats that another transaction has locked
 * @returns a result for each request, in order; null when there is no such seat in use, its license is not usable, the
 *   seat is locked, or the app's version decides and was not evaluated
 */
export async function renewSeats(
  db: Db,
  requests: RenewalRequest[],
  { waits }: { waits: boolean },
): Promise<((SeatRow & SeatUsage) | null)[]> {
  const own = {
    names: db`seat_id, product_id, day, is_version_entitled`,
    arrays: db`
      ${requests.map(({ seatId }) => seatId)}::uuid[], ${
      requests.map(({ productId }) => productId)
    }::bigint[],
      ${requests.map(({ day }) => day)}::date[],
      ${requests.map(({ isVersionEntitled }) => isVersionEntitled ? 1 : 0)}::integer[]`,
  };
  const isUsable = usableOn({ db }, "l", db`r.day`, { isEntitled: db`r.is_version_entitled = 1` });
  const rows = await db<(SeatRow & SeatUsage & { position: number })[]>`
    with live as materialized (
      select
        s.id, s.license_id, s.activation_id, l.max_users, l.seat_scope = 'machine' as is_per_machine, r.position, r.at,
        ${seatExpiry({ db }, db`r.at`)} as new_expiry
      from ${callerRows(db, requests, own)}
      ${seatsInUse(db)}
        and ${isUsable}
      order by s.id
      for no key update of s ${waits ? db`` : db`skip locked`}
    ),
    renewed as (
      update seats s
      set last_heartbeat = live.at, expires_at = greatest(s.expires_at, live.new_expiry)
      from live
      where s.id = live.id
      returning s.*
    )
    select live.position, live.max_users, renewed.*, (
      select count(*)
      from seats s
      where ${isInScope(db, db`s`, db`live`)} and s.expires_at > live.at
    ) as active_sessions
    from live
    join renewed on renewed.id = live.id`;
  const results = requests.map((): (SeatRow & SeatUsage) | null => null);
  for (const { position, ...seat } of rows) results[position - 1] = seat;
  return results;
}

/**
 * Ends seats.
 *
 * @param options.waits whether it waits for seats that another transaction has locked
 * @returns a result for each request, in order; null when there is no such seat in use, or it is locked
 */
export async function endSeats(
  db: Db,
  requests: SeatRequest[],
  { waits }: { waits: boolean },
): Promise<(EndedSeat | null)[]> {
  const own = {
    names: db`seat_id, product_id`,
    arrays: db`
      ${requests.map(({ seatId }) => seatId)}::uuid[], ${
      requests.map(({ productId }) => productId)
    }::bigint[]`,
  };
  const rows = await db<(EndedSeat & { position: number })[]>`
    with live as materialized (
      select
        s.id, s.license_id, s.activation_id, l.customer_id, l.max_users, l.seat_scope = 'machine' as is_per_machine, r.*
      from ${callerRows(db, requests, own)}
      ${seatsInUse(db)}
      order by s.id
      for update of s ${waits ? db`` : db`skip locked`}
    ),
    earliest as materialized (
      select distinct on (id)
        *
      from live
      order by id, position
    ),
    ended as (
      delete from seats s
      using earliest
      where s.id = earliest.id
      returning s.id
    ),
    gone as materialized (
      select earliest.*
      from earliest
      join ended on ended.id = earliest.id
    ),
    recorded as (${
    eventsOfCallers(
      db,
      "activation",
      db`
        select
          'seat.ended' as type, at, actor_kind, actor_id, actor_name, request_id, traceparent,
          activation_id as subject_id, license_id, customer_id, activation_id, null::jsonb as before, null::jsonb as after
        from gone
        order by position`,
    )
  })
    select gone.position, gone.max_users, gone.license_id, gone.activation_id, (
      select count(*)
      from seats s
      left join gone before on before.id = s.id and before.position <= gone.position
      where ${isInScope(db, db`s`, db`gone`)} and s.expires_at > gone.at and before.id is null
    ) as active_sessions
    from gone`;
  const results = requests.map((): EndedSeat | null => null);
  for (const { position, ...ended } of rows) results[position - 1] = ended;
  return results;
}

/** The clauses that find the seats in use of the requests `r`, as `getSeat` does. */
function seatsInUse(db: Db): Fragment {
  return db`
    join seats s on s.id = r.seat_id
    join licenses l on l.id = s.license_id
    join activations a on a.id = s.activation_id
    where s.expires_at > r.at and a.is_active and l.deleted_at is null
      and (r.product_id is null or l.product_id = r.product_id)`;
}
