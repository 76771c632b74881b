-- requires program 0.9.0
-- End users: the accounts that sign in from the app or a browser. Administrators have tables of their own.

create table users (
  id            bigint generated always as identity primary key,
  -- In lower case, because addresses are compared without regard to case.
  email         text not null,
  name          text not null,
  -- Argon2id in PHC string format (RFC 9106). Null: the user signs in by emailed links only.
  password_hash text,
  -- What administrators noted about it, and words to find it by.
  notes         text not null default '',
  tags          text[] not null default '{}',
  -- Values by keys of the vendor's own: {"key": {"value", "public"}}, see server/domain/metadata.ts.
  metadata      jsonb not null default '{}',
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  -- A disabled user loses access immediately and can be enabled again.
  disabled_at   timestamptz,
  constraint users_email_unique unique (email),
  constraint users_email_form check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  constraint users_name_present check (length(name) between 1 and 255)
);

-- For listUsers: users with a tag; few have one.
create index users_by_tag on users using gin (tags)
where tags <> '{}';

-- For listUsers: users with some metadata; few may have any.
create index users_by_metadata on users using gin (metadata jsonb_path_ops)
where metadata <> '{}';

-- For searchNames: a part of a value of metadata.
create index users_metadata_search on users using gin (metadata_text(metadata) gin_trgm_ops)
where metadata <> '{}';

-- For listUsers, searchNames: a part of the name or address, and similar words.
create index users_search on users using gin (name gin_trgm_ops, email gin_trgm_ops);

-- A user's session. A refresh inserts a new row and replaces the old one; all rows that descend from one
-- sign-in have the same sign_in_id.
create table sessions (
  id          bigint generated always as identity primary key,
  user_id     bigint not null references users,
  -- The same for a session and those that replace it.
  sign_in_id  uuid not null,
  -- SHA-256 of the token. The token is random, so no slow hash is needed.
  token_hash  bytea not null,
  -- The device it was created on, when the app named one.
  device_id   text,
  -- The last state that the app reported; a change is recorded as an event.
  state_hash  text,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  -- When it was exchanged for a newer session, and that session's token, encrypted: a refresh repeated within
  -- the overlap of one minute gets the same response. A token used after the overlap revokes
  -- all sessions of its sign-in.
  replaced_at timestamptz,
  successor   bytea,
  revoked_at  timestamptz,
  constraint sessions_token_hash_unique unique (token_hash),
  constraint sessions_device_id_length check (length(device_id) between 1 and 255),
  constraint sessions_state_hash_length check (length(state_hash) <= 255),
  constraint sessions_replaced_at_with_successor check ((replaced_at is null) = (successor is null))
) with (fillfactor = 80);

-- For endUserSignIns, listUserSessions: the sessions of a user, and among them those of a sign-in.
create index sessions_by_user on sessions (user_id);

-- For deleteExpiredSessions: rows are inserted nearly in the order of expiry, so a block range index is
-- enough, and it costs a refresh almost nothing.
create index sessions_by_expiry on sessions using brin (expires_at);

-- A link requested by mail: to sign in, to register or to set a password. The row is written for every
-- request, whether or not the address is known, so that neither the response nor its time reveals which
-- addresses have accounts. A worker then looks the user up, creates the token and mails it.
create table email_links (
  id           bigint generated always as identity primary key,
  purpose      text not null,
  -- In lower case.
  email        text not null,
  -- The name given when registering.
  name         text,
  requested_at timestamptz not null,
  -- When the worker processed the request. Without a user of that address there is no token.
  processed_at timestamptz,
  user_id      bigint references users,
  -- SHA-256 of the token.
  token_hash   bytea,
  expires_at   timestamptz,
  used_at      timestamptz,
  -- The request's span (W3C Trace Context); null while traces are off.
  traceparent  text,
  constraint email_links_purpose_known check (purpose in ('sign_in', 'register', 'password')),
  constraint email_links_token_hash_unique unique (token_hash),
  constraint email_links_email_form check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  constraint email_links_name_length check (length(name) between 1 and 255),
  constraint email_links_traceparent_length check (length(traceparent) = 55)
);

-- For sendRequestedLinks: requests that the worker has not processed.
create index email_links_waiting on email_links (id)
where processed_at is null;

-- For revokeLinks, endUserSignIns: a newer link invalidates the older ones of its address.
create index email_links_open on email_links (email)
where token_hash is not null and used_at is null;

-- For deleteOldLinks: old links, by age.
create index email_links_by_age on email_links (requested_at);
