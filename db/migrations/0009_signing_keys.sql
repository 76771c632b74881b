-- requires program 0.9.0
-- The Ed25519 keys that sign entitlement tokens. One key signs; the retired ones still verify what they
-- signed.
create table signing_keys (
  id           bigint generated always as identity primary key,
  -- The thumbprint of the key (RFC 7638), which tokens carry in their header.
  kid          text not null,
  -- A JWK (RFC 8037), published.
  public_key   jsonb not null,
  -- A JWK, encrypted. Null once the key is retired.
  private_key  bytea,
  created_at   timestamptz not null,
  retired_at   timestamptz,
  -- When the last token signed with it expires; the key is published until then.
  signed_until timestamptz not null,
  constraint signing_keys_kid_unique unique (kid),
  constraint signing_keys_private_key_until_retired check ((private_key is null) = (retired_at is not null))
);

-- For insertSigningKey: one key signs at a time: of two created concurrently, the second is refused.
create unique index signing_keys_current on signing_keys ((true))
where retired_at is null;
