-- A license: a key, its terms and its state, for one product and one customer.
create table licenses (
  id                 bigint generated always as identity primary key,
  -- As it was given to the customer.
  key                text not null,
  -- SHA-256 of the key as it is read (upper case, O as 0, I and L as 1). Looked up by this and not by the key
  -- itself, so that the time an index takes says nothing about how much of a guess was right.
  key_digest         bytea not null,
  product_id         bigint not null references products,
  customer_id        bigint not null references customers,
  plan_id            bigint references plans,
  type               text not null,
  -- The switch. A license can be switched on and be expired all the same.
  is_active          boolean not null default true,
  -- Calendar days in UTC, both inside; no last day is no end.
  valid_from         date not null,
  valid_until        date,
  max_activations    integer not null,
  max_users          integer not null,
  -- Places taken, always the number of active activations. A place is taken by adding one here while it is
  -- below the limit: the row's lock puts simultaneous activations in line, and the condition is checked again
  -- for each, so that the last place is given once.
  activations_in_use integer not null default 0,
  created_at         timestamptz not null,
  updated_at         timestamptz not null,
  -- Deleted licenses are gone for apps and lists, can be restored for 30 days, and stay for the history.
  deleted_at         timestamptz,
  constraint licenses_key_unique unique (key_digest),
  constraint licenses_key_length check (length(key) between 6 and 255),
  constraint licenses_type_known check (type in ('perpetual', 'subscription', 'trial')),
  constraint licenses_period check (valid_until >= valid_from),
  constraint licenses_max_activations_range check (max_activations between 0 and 1000000),
  constraint licenses_max_users_range check (max_users between 0 and 1000000),
  constraint licenses_activations_in_use_range check (activations_in_use >= 0)
) with (fillfactor = 90);

-- A customer's licenses.
create index licenses_by_customer on licenses (customer_id);

-- What ends soon, for the sweep and its notices.
create index licenses_by_end on licenses (valid_until) where deleted_at is null and valid_until is not null;
