-- End users: who signs in from the app or a browser, and what they sign in with.

-- A person with an account. Whoever administers the server is somebody else.
create table users (
  id            bigint generated always as identity primary key,
  -- In lower case, for addresses compare case-blind.
  email         text not null,
  name          text not null,
  -- Argon2id in its own notation (RFC 9106); null for who signs in by links only.
  password_hash text,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  -- Disabled users are cut off at once and can be enabled again.
  disabled_at   timestamptz,
  constraint users_email_unique unique (email),
  constraint users_email_form check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  constraint users_name_present check (length(name) between 1 and 255)
);

-- A license may belong to a user, who then reaches it by signing in; its key works all the same.
alter table licenses add column user_id bigint references users;

-- A user's licenses.
create index licenses_by_user on licenses (user_id) where user_id is not null;

-- A user signed in somewhere. Refreshing makes a new row and retires the old one; all rows that go back to one
-- sign-in are a family.
create table sessions (
  id          bigint generated always as identity primary key,
  user_id     bigint not null references users,
  family      uuid not null,
  -- SHA-256 of the token, which is random enough to need no slow hash.
  token_hash  bytea not null,
  -- The machine it was made on, when the app named one.
  device_id   text,
  -- What the app last said of its own state; a change is recorded.
  state_hash  text,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  -- Exchanged for a newer one, whose token is kept here, sealed: a refresh that is asked for twice within the
  -- overlap of a minute is answered twice with the same. A token used after its overlap ends the family.
  replaced_at timestamptz,
  successor   bytea,
  revoked_at  timestamptz,
  constraint sessions_token_unique unique (token_hash),
  constraint sessions_device_id_length check (length(device_id) between 1 and 255),
  constraint sessions_state_hash_length check (length(state_hash) <= 255),
  constraint sessions_replaced check ((replaced_at is null) = (successor is null))
) with (fillfactor = 80);

-- All that end together: a user's, and among them a family's.
create index sessions_by_user on sessions (user_id);

-- Those that are over are cleared away. Rows come in nearly the order they end, which this kind of index is for, and
-- it costs a refresh next to nothing.
create index sessions_by_expiry on sessions using brin (expires_at);

-- A link asked for by mail. The row is written for whoever asks, known or not, so that the answer and its time tell
-- nothing; a worker then finds out whom it is for, makes the token and mails it.
create table mail_links (
  id           bigint generated always as identity primary key,
  purpose      text not null,
  -- In lower case.
  email        text not null,
  -- As given when registering.
  name         text,
  requested_at timestamptz not null,
  -- From here on by the worker. Nobody of that address: answered, and no token.
  answered_at  timestamptz,
  user_id      bigint references users,
  -- SHA-256 of the token.
  token_hash   bytea,
  expires_at   timestamptz,
  used_at      timestamptz,
  constraint mail_links_purpose_known check (purpose in ('sign_in', 'register', 'password')),
  constraint mail_links_token_unique unique (token_hash),
  constraint mail_links_email_form check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  constraint mail_links_name_length check (length(name) between 1 and 255)
);

-- What the worker has yet to answer.
create index mail_links_waiting on mail_links (id) where answered_at is null;

-- A newer link ends the older ones of its address.
create index mail_links_open on mail_links (email) where token_hash is not null and used_at is null;

-- Old links are forgotten in the order they were asked for.
create index mail_links_by_age on mail_links (requested_at);

-- Who had a trial, and on which machine: each once, ever. Written before the trial's license is, so that of two
-- first sign-ins at once only one gets it.
create table trials (
  user_id     bigint not null references users,
  hardware_id text not null,
  started_at  timestamptz not null,
  constraint trials_pkey primary key (user_id),
  constraint trials_machine_unique unique (hardware_id)
);
