-- requires program 0.9.0
-- The catalogue: products, the plans they are sold under, and the releases that customers download.

-- A product. Programs refer to it by its code; the name is displayed.
-- The values of metadata, each in a line, in the order of the keys: the text that metadata is searched by. Null without any.
create function metadata_text(metadata jsonb) returns text
language sql immutable parallel safe strict
return (
  select string_agg(entry.value ->> 'value', chr(10) order by entry.key)
  from jsonb_each(metadata) as entry
);

-- A product: what licenses are for.
create table products (
  id         bigint generated always as identity primary key,
  code       text not null,
  name       text not null,
  -- Values by keys of the vendor's own: {"key": {"value", "public"}}, see server/domain/metadata.ts.
  metadata   jsonb not null default '{}',
  created_at timestamptz not null,
  deleted_at timestamptz,
  constraint products_code_unique unique (code),
  constraint products_code_form check (code ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  constraint products_name_present check (length(name) between 1 and 255)
);

-- A plan: a named set of terms. A license issued from it copies the terms and computes its last day from the
-- duration. Features are not copied but read from the plan, so that a feature added to a plan reaches every
-- license on it.
create table plans (
  id                       bigint generated always as identity primary key,
  product_id               bigint not null references products,
  code                     text not null,
  name                     text not null,
  license_type             text not null,
  -- How long a license is valid: an ISO 8601 duration in whole days, months or years, at most 999 years. Null: it
  -- never expires.
  duration                 text,
  max_activations          integer not null,
  max_users                integer not null,
  -- The terms of server/domain/policy/inputs.ts that a license copies when it is issued. How its time is counted: when
  -- the first period begins, from where a renewal counts, and what applies after the end.
  expiry_basis             text not null default 'issue',
  renewal_basis            text not null default 'expiry',
  grace_days               integer not null default 0,
  after_expiry             text not null default 'refuse',
  -- How long releases are included: an ISO 8601 duration. Null: as long as the license is valid.
  updates                  text,
  -- The versions it covers, a range of Semantic Versioning such as ">=2.0.0 <3.0.0". Null: any.
  versions                 text,
  -- Machines: percent of max_activations that are admitted beyond it (null: any number), the time without a heartbeat
  -- after which an activation lapses, what a new machine replaces, how many are new in 30 days, how a machine is
  -- recognised, and where it may appear only once.
  machine_overage          integer default 0,
  machine_lease            text,
  machine_replacement      text not null default 'refuse',
  replacement_idle_days    integer not null default 30,
  max_new_machines         integer,
  machine_matching         text not null default 'exact',
  machine_uniqueness       text not null default 'license',
  -- Seats: of the license or of each machine, seconds without a heartbeat after which one ends, and whether those who
  -- want one wait in a queue.
  seat_scope               text not null default 'license',
  seat_ttl                 integer not null default 300,
  seat_queue               boolean not null default false,
  -- License files: the days that one lasts (0: none), and whether it keeps the activation of its machine.
  offline_days             integer not null default 0,
  offline_borrowing        boolean not null default false,
  -- What the app may do, {"name": true, a number or a text}, and metered use,
  -- {"name": {"limit", "period", "overage"}}.
  entitlements             jsonb not null default '{}',
  meters                   jsonb not null default '{}',
  -- Whether it is issued once only: for a user, a machine or a customer, and the product.
  trial_per                text not null default 'none',
  features                 text[] not null default '{}',
  -- Values by keys of the vendor's own: {"key": {"value", "public"}}, see server/domain/metadata.ts.
  metadata                 jsonb not null default '{}',
  created_at               timestamptz not null,
  deleted_at               timestamptz,
  constraint plans_code_unique unique (product_id, code),
  constraint plans_code_form check (code ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  constraint plans_license_type_known check (license_type in ('perpetual', 'subscription', 'trial')),
  constraint plans_duration_form check (duration ~ '^P([1-9][0-9]{0,3}[DM]|[1-9][0-9]{0,2}Y)$'),
  constraint plans_max_activations_range check (max_activations between 0 and 1000000),
  constraint plans_max_users_range check (max_users between 0 and 1000000),
  constraint plans_expiry_basis_known check (
    expiry_basis in ('issue', 'first_activation', 'first_validation', 'first_sign_in')
  ),
  constraint plans_renewal_basis_known check (renewal_basis in ('expiry', 'now', 'now_if_expired')),
  constraint plans_grace_days_range check (grace_days between 0 and 3650),
  constraint plans_after_expiry_known check (after_expiry in ('refuse', 'entitled_versions', 'allow')),
  constraint plans_updates_form check (updates ~ '^P([1-9][0-9]{0,3}[DM]|[1-9][0-9]{0,2}Y)$'),
  constraint plans_versions_length check (length(versions) between 1 and 255),
  constraint plans_machine_overage_range check (machine_overage between 0 and 1000),
  constraint plans_machine_lease_form check (machine_lease ~ '^P([1-9][0-9]{0,3}D|T[1-9][0-9]{0,3}[HM])$'),
  constraint plans_machine_replacement_known check (machine_replacement in ('refuse', 'longest_idle')),
  constraint plans_replacement_idle_days_range check (replacement_idle_days between 1 and 3650),
  constraint plans_max_new_machines_range check (max_new_machines between 1 and 1000000),
  constraint plans_machine_matching_known check (machine_matching in ('exact', 'any', 'two', 'most', 'all')),
  constraint plans_machine_uniqueness_known check (
    machine_uniqueness in ('license', 'plan', 'product', 'customer')
  ),
  constraint plans_seat_scope_known check (seat_scope in ('license', 'machine')),
  constraint plans_seat_ttl_range check (seat_ttl between 30 and 86400),
  constraint plans_offline_days_range check (offline_days between 0 and 3650),
  constraint plans_trial_per_known check (trial_per in ('none', 'user', 'machine', 'customer'))
);

-- A released version of a product, numbered by Semantic Versioning 2.0.0, with four numbers, or by date.
create table releases (
  id            bigint generated always as identity primary key,
  product_id    bigint not null references products,
  version       text not null,
  -- Equal for versions that are equal in their order, such as 1.2.3 and 1.2.3.0; see
  -- server/domain/releases/version.ts.
  version_key   text not null,
  -- Which apps are offered it: all (stable), those that run a beta or an alpha (beta), those that run an alpha.
  channel       text not null,
  -- The day in UTC from which it is offered.
  release_date  date not null,
  download_url  text not null,
  release_notes text not null default '',
  -- Apps of an older version have to update.
  is_mandatory  boolean not null default false,
  created_at    timestamptz not null,
  deleted_at    timestamptz,
  constraint releases_release_date_range check (release_date between '1900-01-01' and '9999-12-31'),
  constraint releases_version_key_unique unique (product_id, version_key),
  constraint releases_channel_known check (channel in ('stable', 'beta', 'alpha')),
  constraint releases_version_length check (length(version) between 1 and 64)
);
