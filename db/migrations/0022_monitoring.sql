-- What tells an owner how things are: suspicious patterns, numbers over time, and alerts.

-- How far back a job that looks at a stretch of time has looked.
create table job_cursors (
  job     text primary key,
  processed_until timestamptz not null
);

-- A suspicious pattern. One is open for each subject and kind; what goes on is added to it.
create table anomalies (
  id            bigint generated always as identity primary key,
  kind          text not null,
  -- What is suspicious: "license:12", "activation:34", "machine:its-fingerprint".
  subject       text not null,
  license_id    bigint references licenses,
  customer_id   bigint references customers,
  activation_id bigint references activations,
  -- What was counted, and where the limit was.
  facts         jsonb not null,
  found_at      timestamptz not null,
  last_seen_at  timestamptz not null,
  resolved_at   timestamptz,
  resolved_by   text,
  note          text,
  constraint anomalies_kind_known
    check (kind in ('unusual_activation_pattern', 'excessive_heartbeats', 'license_hopping')),
  constraint anomalies_resolved check ((resolved_at is null) = (resolved_by is null)),
  constraint anomalies_note_length check (length(note) <= 2000)
);

-- One open anomaly for each kind and subject.
create unique index anomalies_open_once on anomalies (kind, subject) where resolved_at is null;

-- Whether a pattern was found, or resolved, before.
create index anomalies_by_subject on anomalies (kind, subject, resolved_at);

-- What was found on a license.
create index anomalies_by_license on anomalies (license_id);

-- Heartbeats refused for coming too often, by activation and minute.
create table refused_heartbeats (
  activation_id bigint not null references activations,
  minute        timestamptz not null,
  count         integer not null,
  constraint refused_heartbeats_pkey primary key (activation_id, minute)
);

-- The latest refusals, to look at, and the oldest, to forget.
create index refused_heartbeats_by_minute on refused_heartbeats (minute);

-- Signs of life by ten seconds, counted where they are written. Several slots, so that servers writing at once do not
-- wait for each other.
create table heartbeat_counts (
  bucket timestamptz not null,
  slot   smallint not null,
  count  bigint not null,
  constraint heartbeat_counts_pkey primary key (bucket, slot)
);

-- Numbers over time, by hour and by day: of events how many there were, of states how many there were last.
create table statistics (
  span      text not null,
  measure   text not null,
  starts_at timestamptz not null,
  value     bigint not null,
  constraint statistics_pkey primary key (measure, span, starts_at),
  constraint statistics_span_known check (span in ('hour', 'day'))
);

-- Old numbers by the hour are pruned by their age.
create index statistics_by_time on statistics (span, starts_at);

-- Trouble an owner should know of, from when it was noticed until it is over.
create table alerts (
  id           bigint generated always as identity primary key,
  kind         text not null,
  -- Which machine, queue or endpoint; empty where there is only one.
  subject      text not null,
  severity     text not null,
  message      text not null,
  raised_at    timestamptz not null,
  last_seen_at timestamptz not null,
  cleared_at   timestamptz,
  constraint alerts_severity_known check (severity in ('warning', 'critical'))
);

-- One open alert for each kind and subject.
create unique index alerts_open_once on alerts (kind, subject) where cleared_at is null;

-- Alerts, the newest first.
create index alerts_by_age on alerts (raised_at desc);
