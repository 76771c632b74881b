-- requires program 0.9.0
-- Jobs: background work that an administrator requested, for example an import or a bulk change.

-- A job. One worker at a time runs it under a lease that it renews, so that another worker takes over when it
-- dies.
create table jobs (
  id               bigint generated always as identity primary key,
  kind             text not null,
  -- The parameters. An uploaded file is in job_chunks.
  input            jsonb not null,
  state            text not null default 'waiting',
  total            integer,
  done             integer not null default 0,
  result           jsonb,
  error            text,
  -- Who requested it: the job runs with this administrator's name in its events.
  administrator_id bigint references administrators,
  requested_at     timestamptz not null,
  started_at       timestamptz,
  -- The lease of the worker that runs it. What a worker saves after it has lost the lease is refused.
  lease_token      uuid,
  leased_until     timestamptz,
  -- How often it was claimed since it last made progress: a job that ends its worker is not taken for ever.
  attempts         integer not null default 0,
  finished_at      timestamptz,
  -- The span that requested it (W3C Trace Context); null while traces are off.
  traceparent      text,
  constraint jobs_state_known check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  constraint jobs_traceparent_length check (length(traceparent) = 55)
);

-- For claimJob: jobs that are not finished, in the order they were requested.
create index jobs_open on jobs (id)
where state in ('waiting', 'running');

-- The uploaded file of a job in chunks, so that no process has to keep all of it in memory.
create table job_chunks (
  job_id  bigint not null references jobs on delete cascade,
  number  integer not null,
  content bytea not null,
  constraint job_chunks_pkey primary key (job_id, number)
);

-- The licenses that a job created, so that they can be listed and exported together.
create table job_licenses (
  job_id     bigint not null references jobs on delete cascade,
  license_id bigint not null references licenses,
  constraint job_licenses_pkey primary key (job_id, license_id)
);

-- The rows of an imported table that could not be saved, so that they can be downloaded, corrected and imported again.
create table job_invalid_rows (
  job_id bigint not null references jobs on delete cascade,
  -- The position among the invalid rows.
  number integer not null,
  -- The line of the file.
  line   integer not null,
  -- Texts, one for each column that the job's result names.
  cells  jsonb not null,
  -- What is wrong: objects with field and message.
  errors jsonb not null,
  constraint job_invalid_rows_pkey primary key (job_id, number)
);

-- When each scheduled job is due next, by the clock of this database. The workers take what is due. Rows are updated
-- several times a second, in place.
create table job_schedules (
  job         text primary key,
  period_ms   integer not null,
  next_run_at timestamptz not null,
  -- Failures since it last succeeded, after which it waits longer.
  failures    integer not null default 0
) with (fillfactor = 50);
