-- What the owner's lists are sorted and filtered by, besides.

-- Licenses by their key, and by when they were last changed; taking and freeing a place is no change.
create index licenses_by_key_text on licenses (key, id) where deleted_at is null;
create index licenses_by_update on licenses (updated_at, id) where deleted_at is null;

-- Machines by the version of the app they run, the newest first. A sign of life that brings the same version leaves
-- this index alone and stays cheap.
create index activations_by_version on activations (app_version, id desc) where app_version is not null;
