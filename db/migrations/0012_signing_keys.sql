-- The Ed25519 keys that sign entitlement tokens. One signs; those before it still verify what they signed.
create table signing_keys (
  id           bigint generated always as identity primary key,
  -- The key's thumbprint (RFC 7638), as tokens name it.
  kid          text not null,
  -- A JWK (RFC 8037), for everybody.
  public_key   jsonb not null,
  -- A JWK, sealed; forgotten when the key is retired.
  private_key  bytea,
  created_at   timestamptz not null,
  retired_at   timestamptz,
  -- No token signed with it lasts longer than this; until then it is published.
  signed_until timestamptz not null,
  constraint signing_keys_kid_unique unique (kid),
  constraint signing_keys_private_while_signing check ((private_key is null) = (retired_at is not null))
);

-- One key signs at a time; of two made at once, one is left.
create unique index signing_keys_current on signing_keys ((true)) where retired_at is null;
