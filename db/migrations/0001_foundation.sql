-- What everything else stands on: the record of what happened, the settings an owner may change, and the
-- memory of requests that must not take effect twice.

-- Trigrams let a search find part of a word, and a word with a slip in it.
create extension if not exists pg_trgm;

-- Everything that ever changed, written in the transaction that changed it. One table serves as audit log,
-- as feed of activity and as outbox for webhooks: what is committed here will be delivered, what is not never was.
create table events (
  id             bigint generated always as identity primary key,
  -- The name under which the event leaves the house; the same on every delivery.
  uid            uuid not null default uuidv7(),
  type           text not null,
  occurred_at    timestamptz not null,
  -- Who did it: an API key, a user, an administrator, the system with a job's name, or a client app.
  actor_kind     text not null,
  actor_id       bigint,
  actor_name     text,
  -- The request that caused it, as it stands in the server's log.
  request_id     text,
  -- What it happened to.
  subject_kind   text not null,
  subject_id     bigint not null,
  license_id     bigint,
  customer_id    bigint,
  activation_id  bigint,
  -- How the subject stood before and after; null where there was no before or is no after.
  before         jsonb,
  after          jsonb,
  -- Transactions commit in another order than they take numbers. A reader that goes by this column and stops
  -- at the oldest transaction still under way misses nothing.
  transaction_id xid8 not null default pg_current_xact_id(),
  constraint events_type_form check (type ~ '^[a-z_]+\.[a-z_]+$')
);

-- The outbox is read in the order of transactions.
create index events_by_transaction on events (transaction_id, id);

-- The timeline of a license and of a customer, newest first.
create index events_by_license on events (license_id, id desc) where license_id is not null;
create index events_by_customer on events (customer_id, id desc) where customer_id is not null;

-- What happened stays as it happened.
create function events_are_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'events are append-only' using errcode = 'restrict_violation';
end $$;

create trigger events_are_append_only
before update or delete or truncate on events
for each statement execute function events_are_append_only();

-- Settings an owner changes while the system runs. A row only where it differs from the default;
-- names, defaults and allowed values are in server/domain/settings.ts.
create table settings (
  name       text primary key,
  value      jsonb not null,
  updated_at timestamptz not null default now()
);

-- Answers already given, kept for a day, so that a request sent twice under one Idempotency-Key takes effect
-- once. The row is inserted before the work and in its transaction: a second request waits on it.
create table idempotency_keys (
  -- Whose key it is: an API key, a user, an administrator, the holder of a license.
  caller     text not null,
  key        text not null,
  -- SHA-256 over method, path and body: the same key with another request is refused.
  request    bytea not null,
  status     integer,
  -- The answer's body, sealed: it may hold a secret that is shown only once.
  answer     bytea,
  created_at timestamptz not null,
  constraint idempotency_keys_pkey primary key (caller, key),
  constraint idempotency_keys_key_length check (length(key) between 1 and 255)
);

-- Yesterday's keys are forgotten in the order they came.
create index idempotency_keys_by_age on idempotency_keys (created_at);
