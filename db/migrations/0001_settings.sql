-- requires program 0.9.0
-- Settings and the small tables that any part of the server may need.

-- Trigram matching, for searches of a part of a word and for words with a typing error.
create extension if not exists pg_trgm;

-- Settings that an owner changes at run time. A row exists only where the value differs from the default;
-- names, defaults and allowed values are in server/domain/settings/settings.ts.
create table settings (
  name       text primary key,
  value      jsonb not null,
  updated_at timestamptz not null default now()
);

-- Responses to requests that carried an Idempotency-Key, kept for a day, so that a request sent twice takes
-- effect once. The row is inserted first, in the transaction of the request's work: a second request with the
-- same key waits for that transaction.
create table idempotency_keys (
  -- The authenticated caller: an API key, a user, an administrator or the holder of a license.
  caller     text not null,
  key        text not null,
  -- SHA-256 over method, path and body. The same key with another request is refused.
  request    bytea not null,
  status     integer,
  -- The encrypted body of the response: it may contain a secret that is shown only once.
  answer     bytea,
  created_at timestamptz not null,
  constraint idempotency_keys_pkey primary key (caller, key),
  constraint idempotency_keys_key_length check (length(key) between 1 and 255)
);

-- For deleteExpiredAnswers: expired rows, by age.
create index idempotency_keys_by_age on idempotency_keys (created_at);

-- How far a periodic job has processed its input, for jobs that process intervals of time.
create table job_cursors (
  job             text primary key,
  processed_until timestamptz not null
);

-- Milestones that leave no other row. The panel's setup guide shows them.
create table milestones (
  name       text primary key,
  reached_at timestamptz not null,
  constraint milestones_name_known check (name in ('verification'))
);
