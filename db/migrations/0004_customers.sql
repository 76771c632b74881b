-- requires program 0.9.0
-- Customers: the companies and persons that buy licenses.
create table customers (
  id         bigint generated always as identity primary key,
  name       text not null,
  email      text,
  -- What administrators noted about it, and words to find it by.
  notes      text not null default '',
  tags       text[] not null default '{}',
  -- Values by keys of the vendor's own: {"key": {"value", "public"}}, see server/domain/metadata.ts.
  metadata   jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Also set when it was merged.
  deleted_at timestamptz,
  -- The customer that it was merged into, which is never merged itself: a further merge leads on all that refer to it.
  -- Its id still leads there.
  merged_into_id bigint references customers,
  constraint customers_merged_into_id_only_deleted check (merged_into_id is null or deleted_at is not null),
  constraint customers_merged_into_id_other check (merged_into_id <> id),
  constraint customers_name_present check (length(name) between 1 and 255),
  constraint customers_email_form check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254)
);

-- For getDataSubject: addresses are compared without regard to case.
create index customers_by_email on customers (lower(email));

-- For listCustomers: customers with a tag; few have one.
create index customers_by_tag on customers using gin (tags)
where tags <> '{}';

-- For listCustomers: customers with some metadata; few may have any.
create index customers_by_metadata on customers using gin (metadata jsonb_path_ops)
where metadata <> '{}';

-- For searchEverything: a part of a value of metadata.
create index customers_metadata_search on customers using gin (metadata_text(metadata) gin_trgm_ops)
where metadata <> '{}';

-- For listCustomers: sorted by name.
create index customers_by_name on customers (lower(name), id);

-- For listCustomers, searchEverything: the first one or two characters of the name, for which trigrams are of no
-- use.
create index customers_by_name_start on customers (lower(name) text_pattern_ops)
where deleted_at is null;

-- For listCustomers, searchEverything: the first one or two characters of the address.
create index customers_by_email_start on customers (lower(email) text_pattern_ops)
where deleted_at is null;

-- For listCustomers, searchEverything: a part of the name or address.
create index customers_search on customers using gin (name gin_trgm_ops, email gin_trgm_ops)
where deleted_at is null;

-- For getCustomer, mergeCustomers: the customers that were merged into one. Few were.
create index customers_by_merged_into on customers (merged_into_id)
where merged_into_id is not null;

-- For listDuplicates: customers with addresses of a domain, whose names begin alike.
create index customers_by_domain on customers (lower(split_part(email, '@', 2)), lower(name) text_pattern_ops)
where deleted_at is null and email is not null;
