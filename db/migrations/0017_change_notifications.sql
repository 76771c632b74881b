-- requires program 0.9.0
-- Change notifications. Servers cache validation data, sessions and settings. A change that affects cached
-- data notifies the channel `changes` with "kind:id" when its transaction commits, and every process that
-- listens removes what it cached of that subject. Negative validation results are not cached, so a change
-- that can only make a result positive needs no notification.

-- A trigger function. Its arguments are the kind and the column that contains the id.
create function notify_change() returns trigger
language plpgsql as $$
begin
  perform pg_notify('changes', tg_argv[0] || ':' || (to_jsonb(coalesce(old, new)) ->> tg_argv[1]));
  return null;
end $$;

-- The terms of a license. The number of activations is not cached.
create trigger notify_license_change
after update of is_active, valid_from, valid_until, max_users, plan_id, product_id, customer_id, deleted_at
or delete on licenses
for each row execute function notify_change('license', 'id');

-- The deactivation of a machine.
create trigger notify_activation_change
after update of is_active or delete on activations
for each row execute function notify_change('license', 'license_id');

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
after update of revoked_at, product_id or delete on api_keys
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
after insert or update of retired_at or delete on signing_keys
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
    'activation.updated', 'license.activated', 'license.deactivated', 'seat.ended', 'seat.started',
    'session.state_changed', 'user.signed_in', 'user.signed_out'
  )
)
execute function notify_events();
