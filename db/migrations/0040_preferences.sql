-- What an administrator likes: saved views of lists, chosen columns, the theme. A matter of their own, so no event tells
-- of it.
create table administrator_preferences (
  administrator_id bigint not null references administrators,
  name             text not null,
  value            jsonb not null,
  updated_at       timestamptz not null,
  constraint administrator_preferences_pkey primary key (administrator_id, name),
  constraint administrator_preferences_name_length check (length(name) between 1 and 100)
);
