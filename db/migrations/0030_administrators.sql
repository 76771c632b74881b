-- Who runs the house: administrators, how they prove who they are, and where they are signed in.

-- An administrator: one person who signs in to the panel.
create table administrators (
  id             bigint generated always as identity primary key,
  email          text not null,
  name           text not null,
  role           text not null,
  -- Argon2id in its own notation (RFC 9106), which carries salt and cost with it.
  password_hash  text not null,
  -- The shared secret of a second factor (RFC 6238), sealed. It counts once it was confirmed by a code.
  totp_secret    bytea,
  totp_since     timestamptz,
  -- The last time step a code was taken for: a code is good once.
  totp_step      bigint,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  last_seen_at   timestamptz,
  -- Switched off: signed in nowhere, and the history keeps the name.
  disabled_at    timestamptz,
  constraint administrators_role_known check (role in ('viewer', 'manager', 'owner')),
  constraint administrators_name_present check (length(name) between 1 and 255),
  constraint administrators_email_form check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  constraint administrators_totp_whole check (totp_since is null or totp_secret is not null)
);

-- An address belongs to one administrator, whatever its case.
create unique index administrators_email_unique on administrators (lower(email));

-- Where an administrator is signed in, and the named tokens scripts use. Only hashes of tokens are kept.
create table administrator_sessions (
  id               bigint generated always as identity primary key,
  administrator_id bigint not null references administrators,
  token_hash       bytea not null,
  -- 'session' by signing in, 'token' made for a script.
  kind             text not null,
  -- What a script's token is called; what browser a session runs in.
  name             text not null,
  ip               text,
  created_at       timestamptz not null,
  last_seen_at     timestamptz not null,
  -- When password, code or passkey were last shown; dangerous things ask for it anew.
  authenticated_at        timestamptz not null,
  expires_at       timestamptz not null,
  ended_at         timestamptz,
  constraint administrator_sessions_token_unique unique (token_hash),
  constraint administrator_sessions_kind_known check (kind in ('session', 'token'))
);

-- The sessions of one administrator, and those that are over.
create index administrator_sessions_by_administrator on administrator_sessions (administrator_id);
create index administrator_sessions_by_end on administrator_sessions (expires_at);

-- Codes for the day the telephone is lost; each opens the door once.
create table administrator_recovery_codes (
  administrator_id bigint not null references administrators,
  code_hash        bytea not null,
  used_at          timestamptz,
  constraint administrator_recovery_codes_pkey primary key (administrator_id, code_hash)
);

-- Passkeys (Web Authentication, Level 3).
create table administrator_passkeys (
  id               bigint generated always as identity primary key,
  administrator_id bigint not null references administrators,
  name             text not null,
  credential_id    text not null,
  public_key       bytea not null,
  -- The authenticator's own count of signatures; one that goes back was copied.
  counter          bigint not null,
  transports       text[] not null default '{}',
  created_at       timestamptz not null,
  last_used_at     timestamptz,
  constraint administrator_passkeys_credential_unique unique (credential_id),
  constraint administrator_passkeys_name_present check (length(name) between 1 and 255)
);

-- The passkeys of one administrator.
create index administrator_passkeys_by_administrator on administrator_passkeys (administrator_id);

-- Challenges handed out to authenticators. Taking one deletes it, so that an answer is good once.
create table administrator_challenges (
  challenge        text primary key,
  -- Whose passkey is to be added; null when somebody is signing in.
  administrator_id bigint references administrators,
  expires_at       timestamptz not null
);

-- Invitations by mail. The link carries the token, of which only the hash is kept.
create table administrator_invitations (
  id          bigint generated always as identity primary key,
  email       text not null,
  name        text not null,
  role        text not null,
  token_hash  bytea not null,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  -- Taken up or withdrawn; either way the link opens nothing any more.
  accepted_at  timestamptz,
  revoked_at timestamptz,
  constraint administrator_invitations_token_unique unique (token_hash),
  constraint administrator_invitations_role_known check (role in ('viewer', 'manager', 'owner'))
);

-- What servers remember of an administrator ends when role, factors or sessions change.
create trigger notify_administrator_change
after update of role, name, totp_since, disabled_at or delete on administrators
for each row execute function notify_change('administrator', 'id');

create trigger notify_administrator_session_change
after update of authenticated_at, ended_at or delete on administrator_sessions
for each row execute function notify_change('administrator', 'administrator_id');

create trigger notify_administrator_passkey_change
after insert or delete on administrator_passkeys
for each row execute function notify_change('administrator', 'administrator_id');
