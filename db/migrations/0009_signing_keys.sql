-- requires program 0.9.0
-- The Ed25519 keys that sign entitlement tokens, validations and license files: those of products, and the default ones,
-- which sign for products without a key of their own. One of each signs, and one may be announced, which signs next; the
-- retired ones still verify what they signed.
create table signing_keys (
  id           bigint generated always as identity primary key,
  -- Null: a default key.
  product_id   bigint references products,
  -- The thumbprint of the key (RFC 7638), which tokens carry in their header.
  kid          text not null,
  -- A JWK (RFC 8037), published.
  public_key   jsonb not null,
  -- A JWK, encrypted. Null once the key is retired.
  private_key  bytea,
  created_at   timestamptz not null,
  -- Published, so that apps can have it before it signs.
  is_announced boolean not null default false,
  retired_at   timestamptz,
  -- When the last thing signed with it expires; the key is published until then.
  signed_until timestamptz not null,
  constraint signing_keys_kid_unique unique (kid),
  constraint signing_keys_is_announced_unless_retired check (not is_announced or retired_at is null),
  constraint signing_keys_private_key_until_retired check ((private_key is null) = (retired_at is not null))
);

-- For insertSigningKey: one key of a product, and one default key, signs at a time: of two created concurrently, the
-- second is refused.
create unique index signing_keys_current on signing_keys (product_id) nulls not distinct
where retired_at is null and not is_announced;

-- For announceSigningKey and startNextKey: one key is the next one.
create unique index signing_keys_next on signing_keys (product_id) nulls not distinct
where is_announced;

-- What default keys have signed for products: they are published with the product's own keys until it expires.
create table signing_key_products (
  key_id       bigint not null references signing_keys,
  product_id   bigint not null references products,
  -- When the last thing signed for the product expires.
  signed_until timestamptz not null,
  constraint signing_key_products_pkey primary key (key_id, product_id)
);
