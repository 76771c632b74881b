-- requires program 0.9.0
-- Monitoring: anomalies in the use of licenses, statistics over time, alerts, and the state of the queues.

-- A suspicious pattern. At most one is open for each kind and subject; while it continues, that row is
-- updated.
create table anomalies (
  id            bigint generated always as identity primary key,
  kind          text not null,
  -- What is suspicious: "license:12", "activation:34", "machine:FINGERPRINT".
  subject       text not null,
  license_id    bigint references licenses,
  customer_id   bigint references customers,
  activation_id bigint references activations,
  -- What was counted.
  facts         jsonb not null,
  -- The setting that the number reached or exceeded.
  threshold     integer,
  -- critical: twice the threshold or more.
  severity      text not null default 'warning',
  found_at      timestamptz not null,
  last_seen_at  timestamptz not null,
  resolved_at   timestamptz,
  resolved_by   text,
  note          text,
  constraint anomalies_kind_known
    check (kind in ('unusual_activation_pattern', 'excessive_heartbeats', 'license_hopping', 'license_cloned')),
  constraint anomalies_severity_known check (severity in ('warning', 'critical')),
  constraint anomalies_resolved_at_with_resolved_by check ((resolved_at is null) = (resolved_by is null)),
  constraint anomalies_note_length check (length(note) <= 2000)
);

-- For detectAnomalies: one open anomaly for each kind and subject.
create unique index anomalies_open_once on anomalies (kind, subject)
where resolved_at is null;

-- For detectAnomalies: whether a pattern was found or resolved before.
create index anomalies_by_subject on anomalies (kind, subject, resolved_at);

-- For exportPersonalData, eraseAnomalies: the anomalies of a license.
create index anomalies_by_license on anomalies (license_id);

-- Statistics by hour and by day: the number of events within it, or a state as last measured in it.
create table statistics (
  span      text not null,
  measure   text not null,
  starts_at timestamptz not null,
  value     bigint not null,
  constraint statistics_pkey primary key (measure, span, starts_at),
  constraint statistics_span_known check (span in ('hour', 'day'))
);

-- For pruneStatistics: old statistics by the hour.
create index statistics_by_time on statistics (span, starts_at);

-- Numbers of licenses and machines as a worker last counted them, because counting reads every row. Lists, live
-- statistics, the licenses that expire and the versions in use show them with their time (server/domain/monitoring/current_counts.ts).
create table current_counts (
  measure    text not null,
  -- The product or plan; 0: all.
  subject_id bigint not null,
  -- The version of the app, or the day; empty in other measures.
  label      text not null,
  value      bigint not null,
  counted_at timestamptz not null,
  constraint current_counts_pkey primary key (measure, subject_id, label),
  constraint current_counts_measure_known check (measure in (
    'licenses.active', 'activations.active', 'seats.active', 'licenses.of_product', 'licenses.of_plan',
    'licenses.expiring', 'machines.counted', 'machines.estimated', 'machines.others'
  ))
);

-- A problem that an owner should know of, from its detection until it is resolved.
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

-- For updateAlerts: one open alert for each kind and subject.
create unique index alerts_open_once on alerts (kind, subject)
where cleared_at is null;

-- For listAlerts: alerts, newest first.
create index alerts_by_age on alerts (raised_at desc);

-- What administrators are told of in the panel, one row for each thing: a repetition within a day is counted in
-- it. Rows are written in the transaction of the event that they follow from (server/domain/events/notifications).
create table notifications (
  id               bigint generated always as identity primary key,
  -- A name of server/domain/events/catalogue/notification_kinds.ts.
  kind             text not null,
  -- What it is about, by which repetitions are recognised: "alert redis vm1", "anomaly 12".
  subject          text not null,
  -- The only administrator who sees it; null: all.
  administrator_id bigint references administrators,
  severity         text not null,
  -- The id of what it leads to: an alert, anomaly, job or administrator.
  subject_id       bigint not null,
  facts            jsonb not null,
  count            integer not null default 1,
  first_at         timestamptz not null,
  last_at          timestamptz not null,
  resolved_at      timestamptz,
  -- Counts every happening, for what has been read.
  revision         bigint not null default 1,
  constraint notifications_subject_unique unique nulls not distinct (kind, subject, administrator_id),
  constraint notifications_severity_known check (severity in ('info', 'warning', 'critical')),
  constraint notifications_subject_length check (length(subject) between 1 and 500)
);

-- For listNotifications, pruneNotifications: notifications, those that happened last first.
create index notifications_by_time on notifications (last_at desc, id desc);

-- What administrators have read: a notification is unread again when it happens again.
create table notification_reads (
  notification_id  bigint not null references notifications on delete cascade,
  administrator_id bigint not null references administrators,
  revision         bigint not null,
  constraint notification_reads_pkey primary key (notification_id, administrator_id)
);

-- Which notifications an administrator wants; without a row, all in the panel, and owners alerts by email.
create table notification_settings (
  administrator_id bigint not null references administrators,
  kind             text not null,
  -- Null: as without a row.
  is_shown         boolean,
  is_mailed        boolean,
  constraint notification_settings_pkey primary key (administrator_id, kind)
);

-- The clock of each running process, as it last measured it: how far it is ahead of the database's.
create table process_clocks (
  process_id    uuid primary key,
  kind          text not null,
  machine       text not null,
  difference_ms bigint not null,
  measured_at   timestamptz not null,
  constraint process_clocks_kind_known check (kind in ('server', 'worker'))
);

-- Times in which no server or no worker ran, as far as they took more than minutes. They do not count against who has to
-- call within some time, such as machines with a lease. There are few.
create table outages (
  id       bigint generated always as identity primary key,
  began_at timestamptz not null,
  ended_at timestamptz not null,
  constraint outages_ended_at_after_begin check (ended_at > began_at)
);

-- The number of jobs in each queue, as a worker last measured it, for processes that have no connection to
-- the queues.
create table queue_counts (
  name        text primary key,
  waiting     integer not null,
  active      integer not null,
  delayed     integer not null,
  failed      integer not null,
  measured_at timestamptz not null
);
