-- requires program 0.9.0
-- API keys of client apps and scripts. Only a hash is stored, so a copy of this table cannot be used to
-- authenticate.
create table api_keys (
  id           bigint generated always as identity primary key,
  name         text not null,
  -- The first characters of the key, to distinguish keys in a list.
  prefix       text not null,
  -- SHA-256 of the key. The key is random, so no slow hash is needed.
  key_hash     bytea not null,
  -- A key restricted to a product sees the licenses of that product only.
  product_id   bigint references products,
  created_at   timestamptz not null,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  -- Until then the bodies of its requests are logged, with secrets masked; null: they are not.
  bodies_until timestamptz,
  constraint api_keys_key_hash_unique unique (key_hash),
  constraint api_keys_name_present check (length(name) between 1 and 255)
);
