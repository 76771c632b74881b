// The rows from which seats are started: machines, what they have and what is in use, and who gets a seat or a ticket.
import type { Db, Fragment } from "../../../db/connect.ts";
import { usableOn } from "../policy/conditions.ts";
import { isInScope, seatExpiry } from "./seat.ts";
import { TICKET_TIME_TO_LIVE } from "./tickets.ts";

/** The usable machines of `request`, once for each seat that is asked for. */
export function machineRows(db: Db, licenseIds: number[]): Fragment {
  const instance = db`
    case when l.seat_scope = 'machine' then coalesce(r.seat_id::text, r.ticket::text, r.position::text) end`;
  const isUsable = usableOn({ db }, "l", db`r.day`, { isEntitled: db`r.is_version_entitled = 1` });
  // A machine is deactivated under the license's lock, so it stays active until the seat is inserted.
  return db`
    select distinct on (a.id, ${instance})
      r.*, a.id as activation_id, l.customer_id, l.max_users, l.seat_queue as has_queue,
      l.seat_scope = 'machine' as is_per_machine, ${seatExpiry({ db }, db`r.at`)} as new_expiry,
      r.at + make_interval(secs => ${TICKET_TIME_TO_LIVE}) as ticket_expiry
    from request r
    join licenses l on l.id = r.license_id
    join activations a on a.license_id = l.id and a.hardware_id = r.hardware_id
    where l.id = any(${licenseIds}::bigint[]) and a.is_active
      and (r.product_id is null or l.product_id = r.product_id) and ${isUsable}
    order by a.id, ${instance}, r.position`;
}

/** `machine` with its own seat and ticket, the seats in use, and those who wait before it, or all who do. */
export function countedRows(db: Db): Fragment {
  return db`
    select m.*, own.id as own_id, ticket.id as ticket_id,
      case when m.is_per_machine then m.activation_id end as counted_machine,
      (
        select count(*)
        from seats s
        where ${isInScope(db, db`s`, db`m`)}
      ) as in_use,
      (
        select count(*)
        from seat_tickets t
        join activations a on a.id = t.activation_id and a.is_active
        where ${isInScope(db, db`t`, db`m`)} and m.has_queue and t.expires_at > m.at
          and t.number < coalesce(ticket.number, t.number + 1)
      ) as waiting
    from machine m
    left join lateral (
      select s.id
      from seats s
      where s.activation_id = m.activation_id and (not m.is_per_machine or s.id = m.seat_id)
      order by s.id = m.seat_id desc nulls last, s.number desc
      limit 1
    ) as own on true
    left join lateral (
      select t.id, t.number
      from seat_tickets t
      where t.activation_id = m.activation_id and m.has_queue and t.expires_at > m.at
        and (t.id = m.ticket or m.ticket is null and not m.is_per_machine)
      order by t.number
      limit 1
    ) as ticket on true`;
}

/** Those of `counted` that have no seat, and whether they get one or a ticket. The order of the callers does not matter. */
export function wantedRows(db: Db): Fragment {
  return db`
    select *, not is_granted and ticket_id is null and waits and has_queue as is_queued
    from (
      select *, gen_random_uuid() as new_id,
        in_use + waiting + case when ticket_id is null then rank else 1 end <= max_users as is_granted
      from (
        select *, row_number() over (partition by license_id, counted_machine, ticket_id is null order by position) as rank
        from counted
        where own_id is null and (ticket is null or ticket_id is not null or not has_queue)
      ) as ranked
    ) as granted`;
}
