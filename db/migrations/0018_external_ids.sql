-- requires program 0.9.0
-- External ids: ids of other forms, for dialects whose clients expect UUIDs where this database has numbers.

create table external_ids (
  -- The dialect that uses the id, and the kind of thing it names there.
  dialect     text not null,
  kind        text not null,
  -- The id in the table of that kind.
  id          bigint not null,
  external_id text not null,
  created_at  timestamptz not null,
  constraint external_ids_pkey primary key (dialect, kind, id),
  constraint external_ids_external_id_unique unique (dialect, kind, external_id),
  constraint external_ids_dialect_length check (length(dialect) between 1 and 63),
  constraint external_ids_kind_length check (length(kind) between 1 and 63),
  constraint external_ids_external_id_length check (length(external_id) between 1 and 255)
);
