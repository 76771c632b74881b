-- Where licenses are used: the machines they are activated on, and the running copies that hold a seat.

-- One machine on one license, whichever dialect activated it. The row stays when the machine is deactivated,
-- and is taken up again when it comes back.
create table activations (
  id             bigint generated always as identity primary key,
  license_id     bigint not null references licenses,
  -- The machine's fingerprint, as its app computes it.
  hardware_id    text not null,
  machine_name   text,
  app_version    text,
  activated_at   timestamptz not null,
  -- The last sign of life. Not indexed, so that writing it stays cheap.
  last_heartbeat timestamptz not null,
  is_active      boolean not null default true,
  deactivated_at timestamptz,
  constraint activations_machine_unique unique (license_id, hardware_id),
  constraint activations_hardware_id_length check (length(hardware_id) between 1 and 255),
  constraint activations_machine_name_length check (length(machine_name) <= 255),
  constraint activations_app_version_length check (length(app_version) <= 64),
  constraint activations_deactivated check (is_active = (deactivated_at is null))
) with (fillfactor = 85);

-- A seat: one running copy of the app, holding one of the license's max_users places until it ends or gives no
-- sign of life for the time to live.
create table seats (
  -- Random, so that whoever knows it is the one who was given it.
  id             uuid primary key default gen_random_uuid(),
  license_id     bigint not null references licenses,
  activation_id  bigint not null references activations,
  started_at     timestamptz not null,
  last_heartbeat timestamptz not null,
  expires_at     timestamptz not null
);

-- Seats are counted by license, those that are still held.
create index seats_by_license on seats (license_id, expires_at);

-- Dead seats are cleared away in the order they died.
create index seats_by_expiry on seats (expires_at);
