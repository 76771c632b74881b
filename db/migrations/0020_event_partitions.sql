-- requires program 0.9.0
-- Partitions of events in the course of time: the next one begins, the oldest one is dropped. These functions run
-- with the rights of their owner, so that the role of the application needs none to create or drop tables.

-- Lets the ids continue in the next partition when the current one has min_events and began in an earlier month.
-- Returns whether it did. The locks are held for milliseconds; when others hold them longer than it waits, the
-- next run tries again.
create function begin_event_partition(min_events bigint default 1000000) returns boolean
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '100ms' as $$
declare
  sequence constant regclass := pg_get_serial_sequence('events', 'id');
  current record;
  next record;
begin
  for attempt in 1..2 loop
    select p.* into current
    from event_partitions p, pg_sequence_last_value(sequence) as last_id
    where p.first_id <= last_id
    order by p.number desc
    limit 1;
    select * into next from event_partitions where number > current.number;
    if next is null or pg_sequence_last_value(sequence) - current.first_id < min_events then
      return false;
    end if;
    if date_trunc('month', now(), 'UTC') <= (
      select date_trunc('month', e.occurred_at, 'UTC')
      from events e
      where e.id >= current.first_id
      order by e.id
      limit 1
    ) then
      return false;
    end if;
    -- Once more under the lock: another worker may have done it meanwhile.
    lock table webhook_deliveries in share row exclusive mode;
    lock table only events in access exclusive mode;
  end loop;
  perform add_event_partition();
  perform setval(sequence, next.first_id, false);
  return true;
exception when lock_not_available then
  return false;
end $$;

-- Drops the oldest partition when all its events are old, and returns how many those were; 0 when there is none
-- to drop. Events are never dropped that are younger than 30 days, that a reader has not read, or that a webhook
-- delivery refers to.
create function drop_event_partition(older_than timestamptz) returns bigint
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '100ms' as $$
declare
  oldest record;
  old constant timestamptz := least(older_than, now() - interval '30 days');
  young boolean;
  dropped bigint;
begin
  select p.* into oldest
  from event_partitions p
  where p.end_id <= pg_sequence_last_value(pg_get_serial_sequence('events', 'id'))
  order by p.number
  limit 1;
  if oldest is null or exists (
    select from webhook_deliveries d where d.event_id >= oldest.first_id and d.event_id < oldest.end_id
  ) then
    return 0;
  end if;
  -- The youngest event is nearly always the last one.
  execute format(
    'select exists (select from (select occurred_at from %1$s order by id desc limit 1) as last where occurred_at >= $1) '
    'or exists (select from %1$s where occurred_at >= $1) '
    'or exists (select from %1$s e join event_readers r on (e.transaction_id, e.id) > (r.transaction_id, r.event_id) '
    'and e.id > r.restored_up_to)',
    oldest.name
  ) into young using old;
  if young then
    return 0;
  end if;
  select greatest(reltuples, 0)::bigint into dropped from pg_class where oid = oldest.name;
  lock table webhook_deliveries in share row exclusive mode;
  lock table only events in access exclusive mode;
  execute format('alter table events detach partition %s', oldest.name);
  execute format('drop table %s', oldest.name);
  return dropped;
exception when lock_not_available then
  return 0;
end $$;
