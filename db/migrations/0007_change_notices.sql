-- Servers remember what a verdict rests on. Whatever can change a verdict says so on the channel `changes`, as
-- "kind:id", when its transaction commits; every process that listens forgets what it knew of that thing.
-- What makes a negative verdict positive needs no notice, for negative verdicts are never remembered.

create function notify_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('changes', tg_argv[0] || ':' || (to_jsonb(coalesce(old, new)) ->> tg_argv[1]));
  return null;
end $$;

-- A license's terms. Taking and freeing a place changes no verdict and is not told.
create trigger notify_license_change
after update of is_active, valid_from, valid_until, max_users, plan_id, product_id, customer_id, deleted_at or delete on licenses
for each row execute function notify_change('license', 'id');

-- A machine that loses its place.
create trigger notify_deactivation
after update of is_active or delete on activations
for each row execute function notify_change('license', 'license_id');

-- A new, changed or withdrawn release changes what "latest" means for its product.
create trigger notify_release_change
after insert or update or delete on releases
for each row execute function notify_change('product', 'product_id');

-- A product that appears or disappears may be, or have been, "the only product".
create trigger notify_product_change
after insert or update or delete on products
for each row execute function notify_change('products', 'id');

-- A revoked or rebound key. Its last use is no change.
create trigger notify_api_key_change
after update of revoked_at, product_id or delete on api_keys
for each row execute function notify_change('api_key', 'id');

create trigger notify_settings_change
after insert or update or delete on settings
for each row execute function notify_change('settings', 'name');
