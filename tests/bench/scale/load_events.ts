// The events of the data set, as the domain's verbs record them, and the statistics that follow from them.
import type { Db } from "../../../db/connect.ts";
import type { Sizes } from "./functions.ts";

/** An installation begins another partition when a month has passed and the current one has as many events. */
const EVENTS_OF_A_PARTITION = 1_000_000;
/** Partition n has the ids from n times this number on, see `0002_events.sql`. */
const IDS_OF_A_PARTITION = 100_000_000_000;

/**
 * Inserts an event for the creation of each license, and others up to the number wanted: activations, seats, changes.
 * Every reader has read them all.
 */
export async function loadEvents(db: Db, { licenses, customers, events }: Sizes): Promise<void> {
  const full = Math.floor(events / EVENTS_OF_A_PARTITION);
  // As after years of use: full partitions, and an empty one at the end. A part of the data set has one, as every database.
  if (full > 0) {
    await db`
      select restore_event_partitions(0, ${full})`;
  }
  const [{ last }] = await db<{ last: number }[]>`
    select coalesce(max(id), 0) as last
    from events`;
  await db`
    insert into events (
      id, type, occurred_at, actor_kind, actor_id, actor_name, request_id, subject_kind, subject_id, license_id,
      customer_id, activation_id, before, after
    )
    overriding system value
    select
      ${last}::bigint + number + (number - 1) / ${EVENTS_OF_A_PARTITION}::bigint * ${IDS_OF_A_PARTITION}::bigint, type, occurred_at,
      actor_kind, case when actor_kind <> 'system' then 1 + id % 5 end,
      case actor_kind when 'api_key' then 'App ' || 1 + id % 5 when 'administrator' then 'Administrator ' || 1 + id % 5 else 'expiry' end,
      case when actor_kind <> 'system' then md5('request ' || id / 2) end, subject_kind,
      case subject_kind when 'license' then license_id else activation_id end, license_id,
      bench.customer_of(license_id, ${licenses}, ${customers}),
      case subject_kind when 'activation' then activation_id end,
      case type
        when 'license.disabled' then '{"isActive": true}'
        when 'license.updated' then '{"maxUsers": 5}'
      end::jsonb,
      case
        when type in ('license.activated', 'license.deactivated') then jsonb_build_object(
          'hardwareId', md5('machine ' || id), 'machineName', 'DESKTOP-' || id, 'appVersion', '2.1.0', 'network', '192.0.2.0/24'
        )
        when type = 'license.created' then
          '{"type": "subscription", "planId": 1, "userId": null, "validFrom": "2025-01-01", "validUntil": "2025-12-31", "maxActivations": 5, "maxUsers": 10}'
        when type = 'license.disabled' then '{"isActive": false}'
        when type = 'license.updated' then '{"maxUsers": 10}'
        when type = 'license.expiring' then '{"validUntil": "2025-12-31", "daysLeft": 7}'
      end::jsonb
    from (
      select
        id, row_number() over (order by occurred_at, id) as number,
        license_id, 1 + floor(bench.random(id, 63) * (select max(id) from activations))::bigint as activation_id, occurred_at, type,
        case
          when type like 'seat.%' or type like 'license.%activated' then 'activation'
          else 'license'
        end as subject_kind,
        case
          when type like 'seat.%' or type like 'license.%activated' then 'api_key'
          when type = 'license.expiring' then 'system'
          else 'administrator'
        end as actor_kind
      from (
        select id, id as license_id, bench.created_at(id, ${licenses}) as occurred_at, 'license.created' as type
        from generate_series(1, ${licenses}::bigint) as id
        union all
        select
          id, 1 + floor(bench.random(id, 60) * ${licenses})::bigint, bench.created_at(id - ${licenses}, ${
    events - licenses
  }),
          -- Seats are started and ended far more often than anything else happens.
          (array[
            'license.activated', 'license.activated', 'license.activated', 'license.activated', 'license.deactivated',
            'seat.started', 'seat.started', 'seat.started', 'seat.started', 'seat.started',
            'seat.ended', 'seat.ended', 'seat.ended', 'seat.ended', 'seat.ended',
            'license.updated', 'license.updated', 'license.disabled', 'license.expiring', 'license.expiring'
          ])[1 + floor(bench.random(id, 61) * 20)::integer]
        from generate_series(${licenses + 1}::bigint, ${events}::bigint) as id
      ) as happened
    ) as described
    order by number`;
  await db`
    update event_readers
    set (transaction_id, event_id, highest_id) = (
      select transaction_id, id, id
      from events
      order by transaction_id desc, id desc
      limit 1
    )`;
}

/** Counts the events by hours of the last 90 days and by days, as the worker does. */
export async function loadStatistics(db: Db): Promise<void> {
  for (const [span, since] of [["hour", "90 days"], ["day", "10 years"]]) {
    await db`
      insert into statistics (span, measure, starts_at, value)
      select ${span}, type, date_trunc(${span}, occurred_at, 'UTC'), count(*)
      from events
      where occurred_at > now() - ${since}::interval
      group by 2, 3`;
  }
}
