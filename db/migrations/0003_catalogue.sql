-- requires program 0.9.0
-- The catalogue: products, the plans they are sold under, and the releases that customers download.

-- A product. Programs refer to it by its code; the name is displayed.
create table products (
  id         bigint generated always as identity primary key,
  code       text not null,
  name       text not null,
  created_at timestamptz not null,
  deleted_at timestamptz,
  constraint products_code_unique unique (code),
  constraint products_code_form check (code ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  constraint products_name_present check (length(name) between 1 and 255)
);

-- A plan: a named set of terms. A license issued from it copies the limits and computes its last day from the
-- duration. Features are not copied but read from the plan, so that a feature added to a plan reaches every
-- license on it.
create table plans (
  id              bigint generated always as identity primary key,
  product_id      bigint not null references products,
  code            text not null,
  name            text not null,
  license_type    text not null,
  -- How long a license is valid: an ISO 8601 duration in whole days, months or years, at most 999 years. Null: it
  -- never expires.
  duration        text,
  max_activations integer not null,
  max_users       integer not null,
  features        text[] not null default '{}',
  created_at      timestamptz not null,
  deleted_at      timestamptz,
  constraint plans_code_unique unique (product_id, code),
  constraint plans_code_form check (code ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  constraint plans_license_type_known check (license_type in ('perpetual', 'subscription', 'trial')),
  constraint plans_duration_form check (duration ~ '^P([1-9][0-9]{0,3}[DM]|[1-9][0-9]{0,2}Y)$'),
  constraint plans_max_activations_range check (max_activations between 0 and 1000000),
  constraint plans_max_users_range check (max_users between 0 and 1000000)
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
