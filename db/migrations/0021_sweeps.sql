-- What is noticed because time passes or a number grows: licenses that end, limits that fill up, history that is old.

-- The day on which a license's next notice is due: 30, 7 and 1 days before its last day, and the day after it. A sweep
-- that did not run for a week finds what it missed; what is told is never told again.
alter table licenses add column next_notice_on date;

create function next_notice(valid_until date, notified_on date) returns date language sql immutable as $$
  select coalesce(min(day), valid_until + 1)
  from unnest(array[valid_until - 30, valid_until - 7, valid_until - 1, valid_until + 1]) as day
  where day > notified_on and valid_until is not null
$$;

create function set_next_notice() returns trigger language plpgsql as $$
begin
  new.next_notice_on := next_notice(new.valid_until, (new.updated_at at time zone 'UTC')::date);
  return new;
end $$;

create trigger set_first_notice
before insert on licenses
for each row execute function set_next_notice();

create trigger set_next_notice
before update of valid_until on licenses
for each row when (old.valid_until is distinct from new.valid_until)
execute function set_next_notice();

update licenses set next_notice_on = next_notice(valid_until, (updated_at at time zone 'UTC')::date);

-- Whose notice is due.
create index licenses_by_notice on licenses (next_notice_on) where deleted_at is null and next_notice_on is not null;

-- The thresholds a license is above. A threshold is told when its mark is made, and the mark goes when the license is
-- below again, so that each crossing is told once.
create table usage_crossings (
  license_id bigint not null references licenses,
  resource   text not null,
  threshold  integer not null,
  crossed_at timestamptz not null,
  constraint usage_crossings_pkey primary key (license_id, resource, threshold),
  constraint usage_crossings_resource_known check (resource in ('activations', 'seats'))
);

-- Events by the time they happened: for detection, statistics and pruning. They come nearly in that order, so a block
-- range index does, which costs next to nothing to keep.
create index events_by_time on events using brin (occurred_at) with (pages_per_range = 32, autosummarize = on);

-- Old history is pruned by this function and by nothing else: never what is younger than 30 days, what a reader has yet
-- to read, or what a delivery refers to. It runs with the rights of its owner, so the role of the application needs no
-- right to delete events.
create or replace function events_are_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('latchkey.pruning', true) = pg_current_xact_id()::text then
    return null;
  end if;
  raise exception 'events are append-only' using errcode = 'restrict_violation';
end $$;

create function prune_events(older_than timestamptz, most integer) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  pruned bigint;
begin
  perform set_config('latchkey.pruning', pg_current_xact_id()::text, true);
  with old as (
    select e.id
    from events e
    where e.occurred_at < least(older_than, now() - interval '30 days')
      and not exists (
        select from event_readers r
        where (e.transaction_id, e.id) > (r.transaction_id, r.event_id) and e.id > r.restored_up_to
      )
      and not exists (select from webhook_deliveries d where d.event_id = e.id)
    order by e.id
    limit most
  )
  delete from events e using old where e.id = old.id;
  get diagnostics pruned = row_count;
  perform set_config('latchkey.pruning', '', true);
  return pruned;
end $$;
