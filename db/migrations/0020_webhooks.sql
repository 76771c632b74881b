-- Webhooks: the readers of the events table and their positions, the endpoints, the deliveries to each endpoint, and every
-- attempt at a delivery.

-- The position of each reader of events. Events are read in the order (transaction_id, id), and only those of
-- transactions older than the oldest one still running, so that no event can commit before a position already passed.
create table event_readers (
  name              text primary key,
  transaction_id    xid8 not null default '0',
  event_id          bigint not null default 0,
  -- The highest event id read, whatever its transaction.
  highest_id        bigint not null default 0,
  -- The cluster whose transaction ids these are (pg_control_system). A backup restored into another cluster brings its
  -- events along, and transaction ids start again there.
  system_identifier text not null,
  -- Events up to this id came with a restored backup and have been read.
  restored_up_to    bigint not null default 0
);

insert into event_readers (name, system_identifier)
select name, system_identifier::text
from pg_control_system(), unnest(array['webhooks', 'usage', 'statistics']) as name;

-- Where events are posted to.
create table webhooks (
  id                    bigint generated always as identity primary key,
  url                   text not null,
  description           text not null default '',
  -- Names of events; '*' is all that exist, today and later.
  event_types           text[] not null,
  -- Further headers of each request as sealed JSON: they often hold a credential of the receiver's.
  headers               bytea not null,
  -- The secret requests are signed with, sealed; during a rotation the one before it signs as well.
  secret                bytea not null,
  previous_secret       bytea,
  previous_secret_until timestamptz,
  is_active             boolean not null default true,
  -- Why it was switched off: by a person, because it answered 410, or because it failed for days.
  disabled_reason  text,
  -- Since when nothing has reached it; null while things do.
  failing_since         timestamptz,
  created_at            timestamptz not null,
  updated_at            timestamptz not null,
  deleted_at            timestamptz,
  constraint webhooks_url_length check (length(url) between 1 and 2000),
  constraint webhooks_description_length check (length(description) <= 255),
  constraint webhooks_event_types_present check (cardinality(event_types) between 1 and 100),
  constraint webhooks_reason_known check (disabled_reason in ('person', 'gone', 'failing')),
  constraint webhooks_reason_present check (is_active = (disabled_reason is null)),
  constraint webhooks_previous_secret_ends check ((previous_secret is null) = (previous_secret_until is null))
);

-- One event for one endpoint. The row is what has to be done: due_at says when to try next, and is moved a little
-- ahead by whoever tries, so that nobody else does meanwhile; one that dies while trying leaves it to be found again.
create table webhook_deliveries (
  id           bigint generated always as identity primary key,
  webhook_id   bigint not null references webhooks,
  event_id     bigint not null references events,
  -- Null when nothing is left to do: delivered, or given up.
  due_at       timestamptz,
  -- Tries since it was made or replayed; they decide how long to wait for the next.
  tries        integer not null default 0,
  delivered_at timestamptz,
  -- How the last attempt ended, in a word or two.
  last_outcome text,
  created_at   timestamptz not null,
  constraint webhook_deliveries_once unique (webhook_id, event_id),
  constraint webhook_deliveries_tries_range check (tries >= 0)
);

-- What is due, by endpoint, so that the one that is far behind hides nobody else's.
create index webhook_deliveries_due on webhook_deliveries (webhook_id, due_at) where due_at is not null;

-- An endpoint's history, newest first.
create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, id desc);

-- Events that are still needed are not pruned, and deliveries are pruned by age.
create index webhook_deliveries_by_event on webhook_deliveries (event_id);

-- Every attempt at a delivery, and what came back.
create table webhook_attempts (
  id           bigint generated always as identity primary key,
  delivery_id  bigint not null references webhook_deliveries on delete cascade,
  attempted_at timestamptz not null,
  milliseconds integer not null,
  -- Null when no answer came, and then why.
  status       integer,
  error        text,
  -- The first 4 KiB of the answer, as text.
  answer       text,
  constraint webhook_attempts_outcome check ((status is null) = (error is not null)),
  constraint webhook_attempts_answer_length check (octet_length(answer) <= 12288)
);

-- A delivery's attempts, in order.
create index webhook_attempts_by_delivery on webhook_attempts (delivery_id, id);
