-- requires program 0.9.0
-- Resources: a named thing from a pool ("server" SRV-001) that is allocated to one license or to none.
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
  constraint resources_allocated_at_with_license_id check ((license_id is null) = (allocated_at is null)),
  constraint resources_deleted_at_without_license_id check (deleted_at is null or license_id is null)
);

-- For listResourcesOfLicense: the resources of a license.
create index resources_by_license on resources (license_id)
where license_id is not null;

-- For listAvailableResources, allocateResources: the free resources of a type.
create index resources_free on resources (type, id)
where license_id is null and deleted_at is null;
