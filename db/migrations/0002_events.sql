-- requires program 0.9.0
-- Events: one row for every change, written in the transaction of the change. The table is the audit log, the
-- activity feed and the outbox of the webhooks.
--
-- It is partitioned by id: partition n has the ids from n to n + 1 times 100,000,000,000. When a month has
-- passed and the current partition has grown large, the ids continue in the next one (begin_event_partition). So
-- ids stay unique and in the order of time, and neither a clock nor a missing worker leads to an event without a
-- partition: the last partition takes all ids that follow.

create table events (
  id             bigint generated always as identity primary key,
  -- The public id of the event, the same in every delivery.
  uid            uuid not null default uuidv7(),
  -- Compared byte by byte, so that the index by type also finds the types that begin with a text.
  type           text collate "C" not null,
  occurred_at    timestamptz not null,
  -- Who caused it: an API key, a user, an administrator, a client app, or the system with the name of a job.
  actor_kind     text not null,
  actor_id       bigint,
  actor_name     text,
  -- The id of the HTTP request that caused it, as in the server's log.
  request_id     text,
  -- The span that caused it (W3C Trace Context); null while traces are off. Deliveries continue its trace.
  traceparent    text,
  -- What it happened to.
  subject_kind   text not null,
  subject_id     bigint not null,
  license_id     bigint,
  customer_id    bigint,
  activation_id  bigint,
  -- The subject before and after the change; null when it was created or deleted.
  before         jsonb,
  after          jsonb,
  -- Transactions commit in another order than they are numbered. A reader in the order of this column that
  -- stops at the oldest transaction in progress misses nothing.
  transaction_id xid8 not null default pg_current_xact_id(),
  constraint events_type_form check (type ~ '^[a-z_]+\.[a-z_]+$'),
  constraint events_traceparent_length check (length(traceparent) = 55),
  -- What happened to an activation is found by its license: events_by_subject has no entry for it.
  constraint events_subject_kind_with_its_license
    check (subject_kind <> 'activation' or license_id is not null)
) partition by range (id);

-- For readEvents and readEventsAfter: events in the order of their transactions.
create index events_by_transaction on events (transaction_id, id);

-- For listEvents: the timeline of a license, newest first.
create index events_by_license on events (license_id, id desc)
where license_id is not null;

-- For listEvents: the timeline of a customer, newest first.
create index events_by_customer on events (customer_id, id desc)
where customer_id is not null;

-- For listEvents: events of a type, newest first.
create index events_by_type on events (type, id desc);

-- For listEvents: what an administrator, user or API key did, newest first.
create index events_by_actor on events (actor_kind, actor_id, id desc);

-- For listEvents: the timeline of an object, newest first. Apps' own calls are mostly about activations, whose
-- events are found by their license, and do not touch this index.
create index events_by_subject on events (subject_kind, subject_id, id desc)
where subject_kind <> 'activation';

-- For listEvents: everything that one request changed. Request ids are random text and are only compared for
-- equality; a hash index stores four bytes of each.
create index events_by_request on events using hash (request_id)
where request_id is not null;

-- For detectAnomalies, replaySpan and prune_events: events by time. Rows are inserted nearly in this order, so
-- a block range index is enough and costs little to maintain. With the ids it also finds the few events that are
-- out of order, for first_id_since and last_id_before.
create index events_by_time on events using brin (occurred_at, id)
with (pages_per_range = 32, autosummarize = on);

-- The id at which the rows of a table reach a time, as far as they are in the order of time; the id after the last one
-- when they do not reach it. The column is never null and never changes.
create function id_at(of_table regclass, time_column name, moment timestamptz) returns bigint
language plpgsql stable parallel safe strict as $$
declare
  low bigint := 0;
  high bigint;
  middle_id bigint;
  middle_time timestamptz;
  first_from constant text :=
    format('select id, %I from %s where id >= $1 order by id limit 1', time_column, of_table);
begin
  execute format('select coalesce(max(id) + 1, 0) from %s', of_table) into high;
  while low < high loop
    execute first_from into middle_id, middle_time using (low + high) / 2;
    if middle_time < moment then
      low := middle_id + 1;
    else
      high := (low + high) / 2;
    end if;
  end loop;
  return low;
end $$;

-- For listEvents, listDevices, listLicenses: no row of this time or later has a smaller id. Any value of near gives a
-- right answer; with id_at few rows are read: an index on the times of ranges of rows excludes the others. That is a
-- block range index with the ids, or one on id / 4096 and the time, which stays good where rows are moved by updates.
-- The order by id would be planned as a scan of all rows on one side of near, which the settings prevent.
create function first_id_since(of_table regclass, time_column name, since timestamptz, near bigint) returns bigint
language plpgsql stable parallel safe strict
set enable_indexscan = off set enable_indexonlyscan = off set enable_seqscan = off
set max_parallel_workers_per_gather = 0 as $$
declare
  first bigint;
begin
  execute format(
    'select coalesce(min(id), $2) from %s where %I >= $1 and id < $2 and id / 4096 <= $2 / 4096', of_table, time_column
  ) into first using since, near;
  return first;
end $$;

-- The same for the end of a period: no row before this time has a greater id.
create function last_id_before(of_table regclass, time_column name, until timestamptz, near bigint) returns bigint
language plpgsql stable parallel safe strict
set enable_indexscan = off set enable_indexonlyscan = off set enable_seqscan = off
set max_parallel_workers_per_gather = 0 as $$
declare
  last bigint;
begin
  execute format(
    'select coalesce(max(id), $2 - 1) from %s where %I < $1 and id >= $2 and id / 4096 >= $2 / 4096', of_table, time_column
  ) into last using until, near;
  return last;
end $$;

-- A process that reads all events, and its position. Events are read in the order (transaction_id, id), and
-- only those of transactions older than the oldest one in progress, because a lower transaction id may still
-- commit.
create table event_readers (
  name              text primary key,
  transaction_id    xid8 not null default '0',
  event_id          bigint not null default 0,
  -- The highest id of all events read.
  highest_id        bigint not null default 0,
  -- The cluster that issued transaction_id (pg_control_system). A backup restored into another cluster
  -- contains the events, but transaction ids start again there.
  system_identifier text not null,
  -- Events up to this id came with a restored backup and have been read.
  restored_up_to    bigint not null default 0
);

insert into event_readers (name, system_identifier)
select name, system_identifier::text
from pg_control_system(), unnest(array['webhooks', 'usage', 'statistics', 'search', 'mails']) as name;

-- Refuses every change to events, except deletion by prune_events and erasure by erase_event_facts
-- (0019_erasures.sql), each in the transaction that runs it.
create function events_are_append_only() returns trigger
language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('latchkey.pruning', true) = pg_current_xact_id()::text then
    return null;
  end if;
  if tg_op = 'UPDATE' and current_setting('latchkey.erasing', true) = pg_current_xact_id()::text then
    return null;
  end if;
  raise exception 'events are append-only' using errcode = 'restrict_violation';
end $$;

create trigger events_are_append_only
before update or delete or truncate on events
for each statement execute function events_are_append_only();

-- The partitions of events in the order of their ids. The last one has no upper bound; number is that of the
-- name.
create view event_partitions as
select
  c.oid::regclass as name, n.number,
  n.number * 100000000000 as first_id,
  lead(n.number * 100000000000) over (order by n.number) as end_id
from pg_inherits i
join pg_class c on c.oid = i.inhrelid
cross join lateral (select substr(c.relname, length('events_') + 1)::bigint as number) n
where i.inhparent = 'events'::regclass;

-- Creates a partition, which takes all ids from its first on until the next partition is created. The trigger
-- of the table refuses changes through the table only.
create function create_event_partition(number bigint) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  first_id constant text := case number when 0 then 'minvalue' else (number * 100000000000)::text end;
begin
  execute format('create table events_%s partition of events for values from (%s) to (maxvalue)', number, first_id);
  execute format(
    'create trigger events_are_append_only before update or delete or truncate on events_%s '
    'for each statement execute function events_are_append_only()',
    number
  );
end $$;

-- Creates the partition after the last one, which must be empty: the bound of the last one changes without
-- reading it.
create function add_event_partition() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  last record;
begin
  select * into last from event_partitions order by number desc limit 1;
  execute format('alter table events detach partition %s', last.name);
  execute format(
    'alter table events attach partition %s for values from (%s) to (%s)',
    last.name, case when last.number = 0 then 'minvalue' else last.first_id::text end,
    (last.number + 1) * 100000000000
  );
  perform create_event_partition(last.number + 1);
end $$;

select create_event_partition(0), add_event_partition();

-- Creates the partitions from first to last in place of the present ones, for the events of a backup. Only an
-- empty table has other partitions.
create function restore_event_partitions(first bigint, last bigint) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  present record;
begin
  if exists (select from events) then
    raise exception 'there are events already' using errcode = 'restrict_violation';
  end if;
  for present in select * from event_partitions loop
    execute format('alter table events detach partition %s', present.name);
    execute format('drop table %s', present.name);
  end loop;
  perform create_event_partition(first);
  while first < last loop
    first := first + 1;
    perform add_event_partition();
  end loop;
end $$;

-- Deletes at most max_rows old events and returns how many. It never deletes events that are younger than 30
-- days, that a reader has not read, or that a webhook delivery refers to. The events of a partition that is
-- large or complete wait until its first one is a month too old: by then drop_event_partition has dropped it at
-- once, unless something refers to it. It runs with the rights of its owner, so that the role of the application
-- needs no right to delete events.
create function prune_events(older_than timestamptz, max_rows integer, large bigint default 1000000) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  last_id constant bigint := pg_sequence_last_value(pg_get_serial_sequence('events', 'id'));
  old constant timestamptz := least(older_than, now() - interval '30 days');
  waiting_from bigint;
  pruned bigint;
begin
  select min(p.first_id) into waiting_from
  from event_partitions p
  where p.first_id <= last_id
    and (p.end_id <= last_id or last_id - p.first_id >= large)
    and old - interval '31 days' < (
      select e.occurred_at
      from events e
      where e.id >= p.first_id
      order by e.id
      limit 1
    );
  perform set_config('latchkey.pruning', pg_current_xact_id()::text, true);
  with found as (
    select e.id
    from events e
    where e.occurred_at < old
      and (waiting_from is null or e.id < waiting_from)
      and not exists (
        select from event_readers r
        where (e.transaction_id, e.id) > (r.transaction_id, r.event_id) and e.id > r.restored_up_to
      )
      and not exists (select from webhook_deliveries d where d.event_id = e.id)
    order by e.id
    limit max_rows
  )
  delete from events e using found where e.id = found.id;
  get diagnostics pruned = row_count;
  perform set_config('latchkey.pruning', '', true);
  return pruned;
end $$;
