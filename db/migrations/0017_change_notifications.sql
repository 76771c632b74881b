-- requires program 0.9.0
-- Changes of cached data. Servers cache validation data, sessions and settings. A change that affects them is
-- written into `changes` in its own transaction. Every server reads the table four times a second, and when it
-- is notified on the channel `changes`, and removes what it cached of that subject. Negative results are not
-- cached, so a change that can only make a result positive is not recorded.

-- One row for each change. The table is unlogged, so that a change costs no WAL. PostgreSQL empties it after a
-- crash and on a promoted standby: the same cases in which a transaction id may be given a second time.
create unlogged table changes (
  -- Transactions commit in another order than they are numbered: a reader remembers the snapshot it read by.
  transaction_id xid8 not null default pg_current_xact_id(),
  -- What changed, "kind:id".
  tag            text not null
);

-- For readChanges, pruneChanges: what was committed since a snapshot, and what is to be deleted.
create index changes_by_transaction on changes (transaction_id);

-- One row: how far back `changes` is complete. A reader whose position is older, or which finds another id,
-- forgets everything it cached.
create unlogged table change_history (
  id            uuid primary key default uuidv7(),
  -- The changes of all transactions from this one on are kept.
  complete_from xid8 not null default '0',
  -- The oldest transaction that ran at `noted_at`; `complete_from` from the next deletion on.
  next_from     xid8 not null default pg_snapshot_xmin(pg_current_snapshot()),
  noted_at      timestamptz not null default now(),
  -- There is never a second row.
  is_only       boolean not null default true,
  constraint change_history_is_only_true check (is_only),
  constraint change_history_is_only_unique unique (is_only)
);

-- A trigger function. Its arguments are the kind and the column that contains the id. The notifications of a
-- transaction are equal, so that PostgreSQL sends one. A third argument leaves it out: PostgreSQL holds a lock
-- from a NOTIFY to the end of its commit, so that what apps do often would commit one after another.
create function notify_change() returns trigger
language plpgsql as $$
begin
  insert into changes (tag)
  values (tg_argv[0] || ':' || (to_jsonb(coalesce(old, new)) ->> tg_argv[1]));
  if tg_nargs = 2 then
    perform pg_notify('changes', 'change');
  end if;
  return null;
end $$;

-- The terms of a license. The number of activations is not cached.
create trigger notify_license_change
after update of is_active, valid_from, valid_until, grace_days, after_expiry, updates_until, versions, max_users, plan_id,
  product_id, customer_id, entitlements, metadata, machine_matching, machine_lease, deleted_at
or delete on licenses
for each row execute function notify_change('license', 'id');

-- The deactivation of a machine, by its app, and a change of its fingerprint or components. It is read within a quarter of a
-- second.
create trigger notify_activation_change
after update of is_active, hardware_id, component_mark or delete on activations
for each row execute function notify_change('license', 'license_id', 'is read later');

-- Metadata of a machine, which its app reads.
create trigger notify_activation_metadata_change
after update of metadata on activations
for each row
when (old.metadata <> new.metadata)
execute function notify_change('license', 'license_id', 'is read later');

-- The latest release of a product.
create trigger notify_release_change
after insert or update or delete on releases
for each row execute function notify_change('product', 'product_id');

-- The set of products: calls that name no product use the only one there is.
create trigger notify_product_change
after insert or update or delete on products
for each row execute function notify_change('product', 'id');

-- The revocation of an API key or a change of its product. Its last use is not cached.
create trigger notify_api_key_change
after update of revoked_at, product_id, bodies_until or delete on api_keys
for each row execute function notify_change('api_key', 'id');

create trigger notify_settings_change
after insert or update or delete on settings
for each row execute function notify_change('setting', 'name');

-- The end of a user's session. A refresh does not notify: the replaced token stays valid for one minute.
create trigger notify_session_change
after update of revoked_at or delete on sessions
for each row execute function notify_change('user', 'user_id');

create trigger notify_user_change
after update of disabled_at, email, name or delete on users
for each row execute function notify_change('user', 'id');

-- A new signing key signs in every process from then on.
create trigger notify_signing_key_change
after insert or update of retired_at, is_announced or delete on signing_keys
for each row execute function notify_change('signing_key', 'id');

-- An administrator's role, factors and sessions.
create trigger notify_administrator_change
after update of role, name, totp_since, disabled_at or delete on administrators
for each row execute function notify_change('administrator', 'id');

create trigger notify_administrator_session_change
after update of authenticated_at, second_factor_at, ended_at or delete on administrator_sessions
for each row execute function notify_change('administrator', 'administrator_id');

create trigger notify_administrator_passkey_change
after insert or delete on administrator_passkeys
for each row execute function notify_change('administrator', 'administrator_id');

-- New events wake the panels' streams. The frequent ones, which apps record by their own calls, do not
-- notify: PostgreSQL holds a lock from a NOTIFY to the end of its commit, so these transactions would commit
-- one after another. Streams read them twice a second. The list is that of `isFrequent` in the catalogue of
-- events.
create function notify_events() returns trigger
language plpgsql as $$
begin
  perform pg_notify('changes', 'events');
  return null;
end $$;

create trigger notify_events
after insert on events
for each row when (
  new.type not in (
    'activation.imported', 'activation.over_limit', 'activation.replaced', 'activation.updated', 'license.activated',
    'license.deactivated', 'license_file.issued',
    'seat.ended', 'seat.queued', 'seat.started', 'seat.unqueued', 'session.state_changed', 'user.signed_in',
    'user.signed_out'
  )
)
execute function notify_events();
