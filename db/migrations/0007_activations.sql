-- requires program 0.9.0
-- Use of licenses: activations of machines, seats of running apps, and heartbeats.

-- One machine on one license, whichever API activated it. The row stays when the machine is deactivated, and
-- is active again when the machine is activated again.
create table activations (
  id             bigint generated always as identity primary key,
  license_id     bigint not null references licenses,
  -- The fingerprint of the machine, as computed by the app.
  hardware_id    text not null,
  machine_name   text,
  app_version    text,
  activated_at   timestamptz not null,
  -- When it was activated for the first time: when it was a new machine of the license.
  first_activated_at timestamptz not null default now(),
  -- Not indexed, so that a heartbeat is a heap-only update.
  last_heartbeat timestamptz not null,
  is_active      boolean not null default true,
  deactivated_at timestamptz,
  -- What the app sent as components last (server/domain/activations/components.ts); null when it sent none.
  component_mark bigint,
  -- Why it is inactive where no one deactivated it: another machine replaced it, or it was not heard of for the
  -- license's machine_lease, after which it is active again when it is heard of.
  deactivation_reason text,
  -- What the app or an administrator says of it: {"key": {"value", "public"}}, see server/domain/metadata.ts.
  metadata       jsonb not null default '{}',
  constraint activations_hardware_id_unique unique (license_id, hardware_id),
  constraint activations_hardware_id_length check (length(hardware_id) between 1 and 255),
  constraint activations_machine_name_length check (length(machine_name) <= 255),
  constraint activations_app_version_length check (length(app_version) <= 64),
  constraint activations_deactivated_at_when_inactive check (is_active = (deactivated_at is null)),
  constraint activations_deactivation_reason_known check (
    deactivation_reason is null or not is_active and deactivation_reason in ('replaced', 'lapsed')
  )
) with (fillfactor = 85);

-- For listDevices: activations of an app version, newest first. A heartbeat that reports the same version
-- does not touch this index.
create index activations_by_version on activations (app_version, id desc)
where app_version is not null;

-- For listDevices: devices that were activated in a period, by first_id_since and last_id_before. Rows are inserted
-- nearly in this order and seldom move, so an activation writes nothing into an index for it.
create index activations_by_time on activations using brin (activated_at, id)
with (pages_per_range = 32, autosummarize = on);

-- For admitMachines: other licenses on which a machine is active.
create index activations_by_fingerprint on activations using hash (hardware_id)
where is_active;

-- For listDevices: devices with some metadata; few may have any.
create index activations_by_metadata on activations using gin (metadata jsonb_path_ops)
where metadata <> '{}';

-- For listDevices: inactive devices, newest first. An activation of a new machine does not touch this index.
create index activations_inactive on activations (id)
where not is_active;

-- For lockDueLeases: licenses on which activations may have lapsed.
create index licenses_by_next_lease_check on licenses (next_lease_check)
where deleted_at is null and next_lease_check is not null;

-- The length of a lease: hours and minutes as they are, a day as 24 hours.
create function lease_length(lease text) returns interval
language sql immutable strict
return make_interval(secs => extract(epoch from lease::interval)::double precision);

-- Sets the next check when the lease changes, by which activations may have lapsed already, and when the first machine is
-- activated or the last one deactivated. Later activations lapse after those that are there.
create function set_next_lease_check() returns trigger
language plpgsql as $$
begin
  new.next_lease_check := case
    when new.machine_lease is null or new.activations_in_use = 0 then null
    when tg_op = 'UPDATE' and old.machine_lease is not distinct from new.machine_lease
      then now() + lease_length(new.machine_lease)
    else now()
  end;
  return new;
end $$;

create trigger set_first_lease_check
before insert on licenses
for each row when (new.machine_lease is not null and new.activations_in_use > 0)
execute function set_next_lease_check();

create trigger set_next_lease_check
before update of machine_lease, activations_in_use on licenses
for each row when (
  old.machine_lease is distinct from new.machine_lease
    or new.machine_lease is not null and (new.next_lease_check is null) <> (new.activations_in_use = 0)
)
execute function set_next_lease_check();

-- Named parts of machines, by which a machine is recognised whose fingerprint changed. The digest is of use on its license only:
-- that of the same part on another license is another one.
create table activation_components (
  activation_id bigint not null references activations,
  name          text not null,
  license_id    bigint not null references licenses,
  digest        bytea not null,
  -- When the part was first seen with this value.
  since         timestamptz not null,
  constraint activation_components_pkey primary key (activation_id, name),
  constraint activation_components_name_length check (length(name) between 1 and 63),
  constraint activation_components_digest_length check (length(digest) = 32)
);

-- For listSharedComponents: the machines of a license that have a part.
create index activation_components_by_digest on activation_components (license_id, name, digest);

-- What machines are searched by: a copy of their names, fingerprints and metadata. A worker writes it after the activation
-- (server/domain/activations/search_texts.ts), so that an activation waits for none of these indexes.
create table activation_texts (
  activation_id bigint not null references activations,
  machine_name  text,
  hardware_id   text not null,
  -- The values of its metadata.
  metadata      text,
  constraint activation_texts_pkey primary key (activation_id)
);

-- What a search compares parts of texts with (server/domain/activations/rare_parts.ts).
alter table activation_texts alter column machine_name set statistics 300, alter column hardware_id set statistics 300;

-- A text whose words are joined by a letter in place of the hyphen. Trigrams do not reach over punctuation, so that "-48"
-- would find every word that begins with 48, and "-be" all machines in berlin.
create function joined(value text) returns text
language sql immutable parallel safe strict
return replace(lower(value), '-', 'q');

-- For listDevices, searchEverything: a part of the machine's name or fingerprint.
create index activation_texts_search on activation_texts
using gin (joined(machine_name) gin_trgm_ops, joined(hardware_id) gin_trgm_ops);

-- For searchEverything: a part of a value of metadata.
create index activation_texts_metadata on activation_texts using gin (joined(metadata) gin_trgm_ops)
where metadata is not null;

-- For listDevices, searchEverything: the first one or two characters of the name, for which trigrams are of no
-- use.
create index activation_texts_by_name on activation_texts (lower(machine_name) text_pattern_ops);

-- For listDevices, searchEverything: the first one or two characters of the fingerprint.
create index activation_texts_by_fingerprint on activation_texts (lower(hardware_id) text_pattern_ops);

-- A seat: a machine that runs the app, which counts towards the license's max_users until the app releases it
-- or sends no heartbeat for the license's seat_ttl. Where max_users counts for the license, a machine has one seat;
-- where it counts for each machine, several. Seats are started and expired ones deleted under the license's row lock.
create table seats (
  -- Random: the id authenticates the app that was given it.
  id             uuid primary key default gen_random_uuid(),
  -- What administrators call it.
  number         bigint generated always as identity,
  license_id     bigint not null references licenses,
  activation_id  bigint not null references activations,
  started_at     timestamptz not null,
  last_heartbeat timestamptz not null,
  expires_at     timestamptz not null
);

-- For startSeats, renewSeats, endSeats: the seats of a license.
create index seats_by_license on seats (license_id, expires_at);

-- For startSeats, deactivateMachines: the seats of a machine.
create index seats_by_activation on seats (activation_id);

-- For deleteExpiredSeats: expired seats are deleted in this order.
create index seats_by_expiry on seats (expires_at);

-- Those who wait for a seat of a license with seat_queue, first come first served. Written under the license's row
-- lock, so that the order in which places are given is the order of `number`.
create table seat_tickets (
  -- Random: the id authenticates the app that was given it.
  id             uuid primary key default gen_random_uuid(),
  -- The order of the queue, and what administrators call it.
  number         bigint generated always as identity,
  license_id     bigint not null references licenses,
  activation_id  bigint not null references activations,
  queued_at      timestamptz not null,
  last_heartbeat timestamptz not null,
  -- Who does not ask again until then is skipped.
  expires_at     timestamptz not null
);

-- For startSeats, listTickets: the queue of a license.
create index seat_tickets_by_license on seat_tickets (license_id, number);

-- For startSeats: the tickets of a machine.
create index seat_tickets_by_activation on seat_tickets (activation_id);

-- Heartbeats refused because they came too often, by activation and minute.
create table refused_heartbeats (
  activation_id bigint not null references activations,
  minute        timestamptz not null,
  count         integer not null,
  constraint refused_heartbeats_pkey primary key (activation_id, minute)
);

-- For detectAnomalies, pruneRefusedHeartbeats: the latest minutes, and the old ones.
create index refused_heartbeats_by_minute on refused_heartbeats (minute);

-- Heartbeats by intervals of ten seconds. Several slots for each interval, so that servers that write at the
-- same time do not wait for one row lock.
create table heartbeat_counts (
  bucket timestamptz not null,
  slot   smallint not null,
  count  bigint not null,
  constraint heartbeat_counts_pkey primary key (bucket, slot)
);
