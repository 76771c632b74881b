-- requires program 0.9.0
-- Administrators: who signs in to the panel, their factors, sessions and preferences.

create table administrators (
  id            bigint generated always as identity primary key,
  email         text not null,
  name          text not null,
  role          text not null,
  -- Argon2id in PHC string format (RFC 9106). Null: the administrator signs in by the identity provider only.
  password_hash text,
  -- The encrypted shared secret of one-time codes (RFC 6238). It is required at sign-in once a code has
  -- confirmed it.
  totp_secret   bytea,
  totp_since    timestamptz,
  -- The time step of the last accepted code: a code is accepted once.
  totp_step     bigint,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  last_seen_at  timestamptz,
  -- A disabled administrator has no sessions; events keep the name.
  disabled_at   timestamptz,
  constraint administrators_role_known check (role in ('viewer', 'manager', 'owner')),
  constraint administrators_name_present check (length(name) between 1 and 255),
  constraint administrators_email_form check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  constraint administrators_totp_since_with_totp_secret check (totp_since is null or totp_secret is not null)
);

-- For verifyCredentials: an address belongs to one administrator, without regard to case.
create unique index administrators_email_unique on administrators (lower(email));

-- Sessions of the panel, and access tokens of scripts. Only hashes of the tokens are stored.
create table administrator_sessions (
  id               bigint generated always as identity primary key,
  administrator_id bigint not null references administrators,
  token_hash       bytea not null,
  -- 'session' for a sign-in, 'token' for a script.
  kind             text not null,
  -- The name of a script's token, or the browser of a session.
  name             text not null,
  ip               text,
  created_at       timestamptz not null,
  last_seen_at     timestamptz not null,
  -- The last authentication by password, code or passkey; sensitive actions require a recent one.
  authenticated_at timestamptz not null,
  -- What opened the session, and the second factor that was used in it, which is not what the account owns. A
  -- passkey with user verification is both factors. An access token has the factors of its session.
  first_factor     text not null,
  second_factor    text,
  second_factor_at timestamptz,
  -- The ID token of the identity provider, encrypted, for signing out there.
  id_token         bytea,
  expires_at       timestamptz not null,
  ended_at         timestamptz,
  constraint administrator_sessions_token_hash_unique unique (token_hash),
  constraint administrator_sessions_kind_known check (kind in ('session', 'token')),
  constraint administrator_sessions_first_factor_known check (
    first_factor in ('password', 'passkey', 'identity_provider')
  ),
  constraint administrator_sessions_second_factor_known check (
    second_factor in ('totp', 'recovery_code', 'passkey', 'identity_provider')
  ),
  constraint administrator_sessions_second_factor_at_with_second_factor check (
    (second_factor is null) = (second_factor_at is null)
  )
);

-- For listSessions, endAdministratorSignIns: the sessions of an administrator.
create index administrator_sessions_by_administrator on administrator_sessions (administrator_id);

-- For deleteExpiredSessions: expired sessions.
create index administrator_sessions_by_expiry on administrator_sessions (expires_at);

-- Recovery codes, for administrators without access to their second factor. Each is accepted once.
create table administrator_recovery_codes (
  administrator_id bigint not null references administrators,
  code_hash        bytea not null,
  used_at          timestamptz,
  constraint administrator_recovery_codes_pkey primary key (administrator_id, code_hash)
);

-- Passkeys (Web Authentication Level 3).
create table administrator_passkeys (
  id               bigint generated always as identity primary key,
  administrator_id bigint not null references administrators,
  name             text not null,
  credential_id    text not null,
  public_key       bytea not null,
  -- The authenticator's signature counter. A value that decreases means that the passkey was copied.
  counter          bigint not null,
  transports       text[] not null default '{}',
  created_at       timestamptz not null,
  last_used_at     timestamptz,
  constraint administrator_passkeys_credential_id_unique unique (credential_id),
  constraint administrator_passkeys_name_present check (length(name) between 1 and 255)
);

-- For listPasskeys: the passkeys of an administrator.
create index administrator_passkeys_by_administrator on administrator_passkeys (administrator_id);

-- Challenges issued to authenticators. A challenge is deleted when it is used, so that a response is accepted
-- once.
create table administrator_challenges (
  challenge        text primary key,
  -- Who registers a passkey; null for a sign-in.
  administrator_id bigint references administrators,
  expires_at       timestamptz not null
);

-- Invitations by mail. The link contains the token; only its hash is stored.
create table administrator_invitations (
  id          bigint generated always as identity primary key,
  -- The owner who invites; null for the system. Their open invitations are revoked when they are disabled or no owner any more.
  invited_by  bigint references administrators,
  email       text not null,
  name        text not null,
  role        text not null,
  token_hash  bytea not null,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  accepted_at timestamptz,
  revoked_at  timestamptz,
  constraint administrator_invitations_token_hash_unique unique (token_hash),
  constraint administrator_invitations_role_known check (role in ('viewer', 'manager', 'owner'))
);

-- Who an administrator is at the company's identity provider (OpenID Connect Core 1.0, section 2: issuer and
-- subject together never change their person). Made at the first sign-in, by a verified address.
create table administrator_identities (
  issuer           text not null,
  subject          text not null,
  administrator_id bigint not null references administrators,
  linked_at        timestamptz not null,
  last_used_at     timestamptz not null,
  constraint administrator_identities_pkey primary key (issuer, subject)
);

-- For unlinkIdentities: the identities of an administrator.
create index administrator_identities_by_administrator on administrator_identities (administrator_id);

-- Sign-ins under way at the identity provider. A row is deleted when the browser comes back, so that an answer is
-- accepted once.
create table administrator_provider_requests (
  -- SHA-256 of the state that the answer has to carry.
  state_hash    bytea primary key,
  -- SHA-256 of the token in the cookie of the browser that began it.
  browser_hash  bytea not null,
  -- The session that is re-authenticated; null for a sign-in.
  session_id    bigint,
  nonce         text not null,
  -- Encrypted (RFC 7636).
  code_verifier bytea not null,
  return_to     text not null,
  created_at    timestamptz not null,
  expires_at    timestamptz not null
);

-- Sign-ins that the identity provider has let in, of accounts whose own second factor is missing yet.
create table administrator_pending_sign_ins (
  -- SHA-256 of the token in the browser's cookie.
  token_hash       bytea primary key,
  administrator_id bigint not null references administrators,
  -- What the provider said, encrypted.
  identity         bytea not null,
  return_to        text not null,
  expires_at       timestamptz not null
);

-- Links to create the first owner. A program that starts on a system without administrators prints one, so
-- several are valid at a time; the first that is used ends the others. Only the hash of the token is stored.
create table administrator_setup_links (
  token_hash bytea primary key,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

-- Requests for a link to choose a new password. The row is written for every request, whether or not an
-- administrator has the address, so that neither the response nor its time reveals which addresses have one. A
-- worker then looks the administrator up, creates the token and mails it.
create table administrator_password_links (
  id               bigint generated always as identity primary key,
  -- In the form in which addresses are compared.
  email            text not null,
  requested_at     timestamptz not null,
  -- When the worker processed the request. Without an administrator of that address there is no token.
  processed_at     timestamptz,
  administrator_id bigint references administrators,
  -- SHA-256 of the token.
  token_hash       bytea,
  expires_at       timestamptz,
  used_at          timestamptz,
  constraint administrator_password_links_token_hash_unique unique (token_hash)
);

-- For sendRequestedPasswordLinks: requests that the worker has not processed.
create index administrator_password_links_waiting on administrator_password_links (id)
where processed_at is null;

-- For revokePasswordLinks: a newer link invalidates the older ones of its administrator, and so does a new
-- password.
create index administrator_password_links_open on administrator_password_links (administrator_id)
where token_hash is not null and used_at is null;

-- For deleteOldPasswordLinks: old links, by age.
create index administrator_password_links_by_age on administrator_password_links (requested_at);

-- Preferences of an administrator: saved views of lists, visible columns, the theme. Changes record no event.
create table administrator_preferences (
  administrator_id bigint not null references administrators,
  name             text not null,
  value            jsonb not null,
  updated_at       timestamptz not null,
  constraint administrator_preferences_pkey primary key (administrator_id, name),
  constraint administrator_preferences_name_length check (length(name) between 1 and 100)
);
