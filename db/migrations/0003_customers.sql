-- Who buys: a company or a person.
create table customers (
  id         bigint generated always as identity primary key,
  name       text not null,
  email      text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  constraint customers_name_present check (length(name) between 1 and 255),
  constraint customers_email_form check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254)
);

-- An address is looked up without regard to case.
create index customers_by_email on customers (lower(email));
