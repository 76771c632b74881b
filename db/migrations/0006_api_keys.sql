-- The keys by which client apps and scripts are known. Only a hash is kept: a copy of this table opens nothing.
create table api_keys (
  id           bigint generated always as identity primary key,
  name         text not null,
  -- The first characters, enough to tell one key from another in a list.
  prefix       text not null,
  -- SHA-256 of the whole key, which is random enough to need no slow hash.
  key_hash     bytea not null,
  -- A key bound to a product sees that product's licenses and no others.
  product_id   bigint references products,
  created_at   timestamptz not null,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  constraint api_keys_hash_unique unique (key_hash),
  constraint api_keys_name_present check (length(name) between 1 and 255)
);
