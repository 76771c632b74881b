-- Resources, and what the owner's lists are sorted and filtered by.

-- A named thing from a pool ("server" SRV-001) that belongs to one license at a time, or to none.
create table resources (
  id           bigint generated always as identity primary key,
  type         text not null,
  identifier   text not null,
  license_id   bigint references licenses,
  allocated_at timestamptz,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  deleted_at   timestamptz,
  constraint resources_identifier_unique unique (type, identifier),
  constraint resources_type_form check (type ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  constraint resources_identifier_length check (length(identifier) between 1 and 255),
  constraint resources_allocation check ((license_id is null) = (allocated_at is null)),
  constraint resources_deleted_are_free check (deleted_at is null or license_id is null)
);

-- What a license has, and what is free of a kind.
create index resources_by_license on resources (license_id) where license_id is not null;
create index resources_free on resources (type, id) where license_id is null and deleted_at is null;

-- Customers by name.
create index customers_by_name on customers (lower(name), id);

-- Licenses of a product or plan, the newest first; and by their end, those without one last.
create index licenses_by_product on licenses (product_id, id desc);
create index licenses_by_plan on licenses (plan_id, id desc) where plan_id is not null;
create index licenses_by_end_for_lists on licenses (coalesce(valid_until, 'infinity'::date), id)
where deleted_at is null;
-- What was deleted, to be restored; and what is switched off.
create index licenses_deleted on licenses (id) where deleted_at is not null;
create index licenses_disabled on licenses (id) where not is_active and deleted_at is null;

-- Events of a kind, of an actor, of a thing; the newest first.
create index events_by_type on events (type, id desc);
create index events_by_actor on events (actor_kind, actor_id, id desc);
create index events_by_subject on events (subject_kind, subject_id, id desc);
