-- requires program 0.9.0
-- The indices of license files in status lists, which say what was revoked. Renewed files of an activation keep their index; a
-- file gets a new one after the activation was deactivated or its file was given back. Whether an index is revoked follows from
-- the license and the activation.
create table license_statuses (
  -- The list is id / 131072 of the product, and the index in it the rest.
  id            bigint generated always as identity,
  product_id    bigint not null references products,
  license_id    bigint not null references licenses,
  activation_id bigint not null references activations,
  created_at    timestamptz not null,
  -- When the last file with this index expires.
  expires_at    timestamptz not null,
  -- When the file was given back.
  revoked_at    timestamptz,
  constraint license_statuses_pkey primary key (id)
);

-- License files: what a machine has to use its license without a connection. Of each activation the last file is known.
create table license_files (
  activation_id bigint not null references activations,
  license_id    bigint not null references licenses,
  status_id     bigint not null references license_statuses,
  -- Rises with each file of the activation: the second of its issue, or the next number. So it rises after the restore of a
  -- backup too.
  seq           bigint not null,
  -- The highest one that the machine has shown. A lower one than that is shown by a copy of the machine.
  shown_seq     bigint not null default 0,
  issued_at     timestamptz not null,
  expires_at    timestamptz not null,
  -- Whether the activation is kept until the file expires, although its machine is not heard of.
  is_borrowed   boolean not null,
  -- When it was given back before its end.
  returned_at   timestamptz,
  -- When a copy was last seen, which is recorded once an hour.
  cloned_at     timestamptz,
  -- The last file when its removal code was entered: codes of that file and those before are used up.
  removed_seq   bigint not null default 0,
  constraint license_files_pkey primary key (activation_id),
  constraint license_files_seq_range check (seq >= 1),
  constraint license_files_shown_seq_range check (shown_seq between 0 and seq),
  constraint license_files_removed_seq_range check (removed_seq between 0 and seq)
);

-- What the secrets of removal codes are derived from, encrypted; the newest one that can be read is in use. A backup has it, so
-- that codes of files that were issued later are accepted after its restore.
create table removal_keys (
  id         bigint generated always as identity,
  secret     bytea not null,
  created_at timestamptz not null,
  constraint removal_keys_pkey primary key (id)
);
