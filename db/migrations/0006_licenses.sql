-- requires program 0.9.0
-- Licenses: a key, its terms and its state, for one product and one customer.

create table licenses (
  id                       bigint generated always as identity primary key,
  -- As it was given to the customer.
  key                      text not null,
  -- SHA-256 of the normalised key (upper case, O as 0, I and L as 1). Keys are looked up by this digest, so
  -- that the duration of an index lookup reveals nothing about how much of a guessed key was right.
  key_digest               bytea not null,
  product_id               bigint not null references products,
  customer_id              bigint not null references customers,
  plan_id                  bigint references plans,
  -- The user who may use it by signing in. The key works as well.
  user_id                  bigint references users,
  type                     text not null,
  -- False: disabled. An enabled license can be expired.
  is_active                boolean not null default true,
  -- Why it was disabled; for administrators only. Null when it is enabled, or no reason was given.
  disabled_reason          text,
  -- When it will be disabled, with what reason, and when it will be enabled. The worker does so and clears them.
  disable_at               timestamptz,
  disable_reason           text,
  enable_at                timestamptz,
  -- Calendar days in UTC, both inclusive. Null: the license never expires.
  valid_from               date not null,
  valid_until              date,
  -- The day of the month on which periods begin, where the month of the day after valid_until is too short for it:
  -- 31 for a monthly license from 31 January, which ends on 27 February and, renewed, on 30 March. Null: the day after
  -- valid_until itself. Set with valid_until.
  anchor_day               integer,
  -- The day from which meters count periods of the license: that of its start, or of the last renewal that continued no
  -- period. Null: valid_from.
  periods_from             date,
  max_activations          integer not null,
  max_users                integer not null,
  -- The terms that were copied from the plan, each as in the table plans. Changing a plan changes no license, unless it
  -- is applied to them. How its time is counted:
  duration                 text,
  expiry_basis             text not null default 'issue',
  renewal_basis            text not null default 'expiry',
  grace_days               integer not null default 0,
  after_expiry             text not null default 'refuse',
  updates                  text,
  -- The last day whose releases are included, computed from updates. Null: as long as the license is valid.
  updates_until            date,
  -- With what its first period begins: its expiry_basis, until that has happened and set valid_until and updates_until.
  starts_with              text,
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
  -- The number of active activations. An activation increments it while it is below the limit: the row lock
  -- serialises concurrent activations, and each of them checks the condition again, so that the last one is
  -- granted once.
  activations_in_use       integer not null default 0,
  -- The day on which the next expiry notice is due: 30, 7 and 1 days before valid_until, the day after it,
  -- and the day after its grace. Set by triggers and by the job that sends the notices.
  next_expiry_notice_on    date,
  -- Before this time no activation lapses by machine_lease. Null: there is no lease, or no active activation. Set by
  -- triggers and by the job that ends lapsed activations.
  next_lease_check         timestamptz,
  -- What administrators noted about it, and words to find it by.
  notes                    text not null default '',
  tags                     text[] not null default '{}',
  -- Values by keys of the vendor's own: {"key": {"value", "public"}}, see server/domain/metadata.ts.
  metadata                 jsonb not null default '{}',
  created_at               timestamptz not null,
  updated_at               timestamptz not null,
  -- A deleted license does not exist for apps and lists, can be restored for 30 days, and stays for the
  -- history.
  deleted_at               timestamptz,
  constraint licenses_key_digest_unique unique (key_digest),
  constraint licenses_key_length check (length(key) between 6 and 255),
  constraint licenses_type_known check (type in ('perpetual', 'subscription', 'trial')),
  constraint licenses_disabled_reason_form check (
    length(disabled_reason) between 1 and 500 and not is_active or disabled_reason is null
  ),
  constraint licenses_disable_reason_form check (
    length(disable_reason) between 1 and 500 and disable_at is not null or disable_reason is null
  ),
  constraint licenses_starts_with_known check (
    starts_with is null
      or starts_with in ('first_activation', 'first_validation', 'first_sign_in') and valid_until is null
  ),
  constraint licenses_valid_until_after_valid_from check (valid_until >= valid_from),
  -- The bounds of server/domain/calendar.ts.
  constraint licenses_valid_from_range check (valid_from between '1900-01-01' and '9999-12-31'),
  constraint licenses_valid_until_range check (valid_until between '1900-01-01' and '9999-12-31'),
  constraint licenses_periods_from_range check (periods_from between '1900-01-01' and '9999-12-31'),
  -- The next period begins on the last day of a month that is shorter than the anchor.
  constraint licenses_anchor_day_beyond_month check (
    anchor_day is null or valid_until is not null and anchor_day <= 31
      and anchor_day > extract(day from valid_until + 1) and extract(day from valid_until + 2) = 1
  ),
  constraint licenses_max_activations_range check (max_activations between 0 and 1000000),
  constraint licenses_max_users_range check (max_users between 0 and 1000000),
  constraint licenses_duration_form check (duration ~ '^P([1-9][0-9]{0,3}[DM]|[1-9][0-9]{0,2}Y)$'),
  constraint licenses_updates_until_range check (updates_until between '1900-01-01' and '9999-12-31'),
  constraint licenses_expiry_basis_known check (
    expiry_basis in ('issue', 'first_activation', 'first_validation', 'first_sign_in')
  ),
  constraint licenses_renewal_basis_known check (renewal_basis in ('expiry', 'now', 'now_if_expired')),
  constraint licenses_grace_days_range check (grace_days between 0 and 3650),
  constraint licenses_after_expiry_known check (after_expiry in ('refuse', 'entitled_versions', 'allow')),
  constraint licenses_updates_form check (updates ~ '^P([1-9][0-9]{0,3}[DM]|[1-9][0-9]{0,2}Y)$'),
  constraint licenses_versions_length check (length(versions) between 1 and 255),
  constraint licenses_machine_overage_range check (machine_overage between 0 and 1000),
  constraint licenses_machine_lease_form check (machine_lease ~ '^P([1-9][0-9]{0,3}D|T[1-9][0-9]{0,3}[HM])$'),
  constraint licenses_machine_replacement_known check (machine_replacement in ('refuse', 'longest_idle')),
  constraint licenses_replacement_idle_days_range check (replacement_idle_days between 1 and 3650),
  constraint licenses_max_new_machines_range check (max_new_machines between 1 and 1000000),
  constraint licenses_machine_matching_known check (machine_matching in ('exact', 'any', 'two', 'most', 'all')),
  constraint licenses_machine_uniqueness_known check (
    machine_uniqueness in ('license', 'plan', 'product', 'customer')
  ),
  constraint licenses_seat_scope_known check (seat_scope in ('license', 'machine')),
  constraint licenses_seat_ttl_range check (seat_ttl between 30 and 86400),
  constraint licenses_offline_days_range check (offline_days between 0 and 3650),
  constraint licenses_trial_per_known check (trial_per in ('none', 'user', 'machine', 'customer')),
  constraint licenses_activations_in_use_range check (activations_in_use >= 0)
) with (fillfactor = 90);

-- For listLicenses, listLicensesOfCustomer: the licenses of a customer.
create index licenses_by_customer on licenses (customer_id);

-- For getCustomerUsage: the licenses of a customer that have meters, newest first; few may have any.
create index licenses_metered on licenses (customer_id, id desc)
where meters <> '{}' and deleted_at is null;

-- For listLicenses, getDataSubject: the licenses of a user.
create index licenses_by_user on licenses (user_id)
where user_id is not null;

-- For listLicenses: the licenses of a product, newest first.
create index licenses_by_product on licenses (product_id, id desc);

-- For listLicenses: the licenses of a plan, newest first.
create index licenses_by_plan on licenses (plan_id, id desc)
where plan_id is not null;

-- For listLicenses: licenses that expire soon.
create index licenses_by_valid_until on licenses (valid_until)
where deleted_at is null and valid_until is not null;

-- For listLicenses: by last day, with those that never expire last.
create index licenses_by_valid_until_or_never on licenses (coalesce(valid_until, 'infinity'::date), id)
where deleted_at is null;

-- For listLicenses: licenses in grace. Few licenses have any, and of those that have, few are in it.
create index licenses_in_grace on licenses using gist (daterange(valid_until, valid_until + grace_days, '(]'))
where grace_days > 0 and valid_until is not null and deleted_at is null;

-- For listLicenses: by key.
create index licenses_by_key_and_id on licenses (key, id)
where deleted_at is null;

-- For listLicenses: by their last change; activations are no change.
create index licenses_by_update on licenses (updated_at, id)
where deleted_at is null;

-- For listLicenses: licenses that were created in a period, by first_id_since and last_id_before. Updates move rows, so
-- that block ranges of this table are in no order.
create index licenses_by_creation on licenses ((id / 4096), created_at);

-- For listLicenses: licenses with a tag; few have one, so that others do not touch this index.
create index licenses_by_tag on licenses using gin (tags)
where tags <> '{}';

-- For listLicenses: licenses with some metadata; few may have any.
create index licenses_by_metadata on licenses using gin (metadata jsonb_path_ops)
where metadata <> '{}';

-- For searchEverything: a part of a value of metadata.
create index licenses_metadata_search on licenses using gin (metadata_text(metadata) gin_trgm_ops)
where metadata <> '{}';

-- For listLicenses: licenses with an entitlement.
create index licenses_by_entitlement on licenses using gin (entitlements)
where entitlements <> '{}';

-- For listLicenses: the licenses of a type, newest first; few may be of it.
create index licenses_by_type on licenses (type, id desc)
where deleted_at is null;

-- For listLicenses: licenses that are not yet valid.
create index licenses_by_valid_from on licenses (valid_from)
where deleted_at is null;

-- For listLicenses, listDevices: deleted licenses, whose devices are left out of lists.
create index licenses_deleted on licenses (id)
where deleted_at is not null;

-- For listLicenses: disabled licenses.
create index licenses_disabled on licenses (id)
where not is_active and deleted_at is null;

-- For changeScheduledLicenses: licenses that will be disabled or enabled.
create index licenses_by_scheduled_change on licenses (least(disable_at, enable_at))
where deleted_at is null and least(disable_at, enable_at) is not null;

-- For listLicenses, searchEverything: the first one or two characters of the key, for which trigrams are of no
-- use.
create index licenses_by_key_start on licenses (lower(key) text_pattern_ops)
where deleted_at is null;

-- For listLicenses, searchEverything: a part of the key.
create index licenses_search on licenses using gin (key gin_trgm_ops)
where deleted_at is null;

-- The last day of a period that begins on first_day, as endOfPeriod of server/domain/calendar.ts computes it: months
-- and years are added by the calendar to the first day, in a month that is too short to its last day. Null without a
-- period.
create function period_end(first_day date, anchor_day integer, period text) returns date
language plpgsql immutable as $$
declare
  wanted      integer := coalesce(anchor_day, extract(day from first_day));
  month_start date;
  next_day    date;
begin
  if period like '%D' then
    next_day := first_day + period::interval;
  else
    month_start := first_day - extract(day from first_day)::integer + 1 + period::interval;
    next_day := least(month_start + wanted, (month_start + interval '1 month')::date) - 1;
  end if;
  if next_day > '9999-12-31'::date + 1 then
    raise exception 'the period would end after 9999-12-31' 
      using errcode = 'datetime_field_overflow', constraint = 'period_end';
  end if;
  return next_day - 1;
end $$;

-- The anchor of the license after that period, which ends on last_day; see licenses.anchor_day.
create function period_anchor(first_day date, anchor_day integer, period text, last_day date) returns integer
language sql immutable as $$
  select wanted
  from (select coalesce(anchor_day, extract(day from first_day)::integer) as wanted) as anchor
  where period not like '%D' and wanted > extract(day from last_day + 1)
$$;

-- The last day of a first period that begins by itself. Nothing ends after 9999-12-31, and no app is refused for that.
create function first_period_end(first_day date, period text) returns date
language plpgsql immutable as $$
begin
  return period_end(first_day, null, period);
exception when datetime_field_overflow then
  return '9999-12-31';
end $$;

-- The usage thresholds that a license is above. The row is inserted when the threshold is crossed and its
-- event recorded, and deleted when usage is below again, so that each crossing is reported once.
create table usage_crossings (
  license_id bigint not null references licenses,
  resource   text not null,
  -- Percent of the limit; 101: more than the limit, for lists.
  threshold  integer not null,
  crossed_at timestamptz not null,
  constraint usage_crossings_pkey primary key (license_id, resource, threshold),
  constraint usage_crossings_resource_known check (resource in ('activations', 'seats'))
);

-- For isOverLimit: licenses that are over their activation limit.
create index usage_crossings_over_limit on usage_crossings (license_id)
where resource = 'activations' and threshold = 101;
