-- requires program 0.9.0
-- Events: one row for every change, written in the transaction of the change. The table is the audit log, the
-- activity feed and the outbox of the webhooks.

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
);

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
-- a block range index is enough and costs little to maintain.
create index events_by_time on events using brin (occurred_at)
with (pages_per_range = 32, autosummarize = on);

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
from pg_control_system(), unnest(array['webhooks', 'usage', 'statistics', 'search']) as name;

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

-- Deletes at most max_rows old events and returns how many. It never deletes events that are younger than 30
-- days, that a reader has not read, or that a webhook delivery refers to. It runs with the rights of its
-- owner, so that the role of the application needs no right to delete events.
create function prune_events(older_than timestamptz, max_rows integer) returns bigint
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
    limit max_rows
  )
  delete from events e using old where e.id = old.id;
  get diagnostics pruned = row_count;
  perform set_config('latchkey.pruning', '', true);
  return pruned;
end $$;
