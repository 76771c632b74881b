-- requires program 0.9.0
-- Who had a trial: a user, a customer or a machine of a product, or a user and the machine they signed in with. Each
-- of them gets one, also when requests of several servers come at the same time.
create table trials (
  id          bigint generated always as identity,
  -- Null: trials of the setting trialPlan, of which there is one for all products.
  product_id  bigint references products,
  user_id     bigint references users,
  customer_id bigint references customers,
  hardware_id text,
  -- Null: the row is inserted before the license, so that of two first sign-ins only one gets it.
  license_id  bigint references licenses,
  started_at  timestamptz not null,
  constraint trials_pkey primary key (id),
  constraint trials_hardware_id_or_account check (num_nonnulls(user_id, customer_id, hardware_id) > 0)
);

-- For claimTrial: a user gets one.
create unique index trials_of_user on trials (user_id, product_id) nulls not distinct
where user_id is not null;

-- For claimTrial: a customer gets one.
create unique index trials_of_customer on trials (customer_id, product_id) nulls not distinct
where customer_id is not null;

-- For claimTrial, findMachineTrial: a machine gets one.
create unique index trials_of_machine on trials (hardware_id, product_id) nulls not distinct
where hardware_id is not null;

-- The customer of a product's trials that apps start for a machine. No one is known to them by name.
create table trial_customers (
  product_id  bigint not null references products,
  customer_id bigint not null references customers,
  constraint trial_customers_pkey primary key (product_id)
);
