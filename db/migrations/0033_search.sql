-- Search: part of a word and a word with a slip in it, over everything that has a name.

-- Customers by name and address.
create index customers_search on customers using gin (name gin_trgm_ops, email gin_trgm_ops)
where deleted_at is null;

-- Licenses by their key.
create index licenses_search on licenses using gin (key gin_trgm_ops)
where deleted_at is null;

-- Machines. Only these two columns, and neither changes with a sign of life, so that signs stay cheap.
create index activations_search on activations using gin (machine_name gin_trgm_ops, hardware_id gin_trgm_ops);

-- Leads by the institution's name.
create index institutions_search on institutions using gin (name gin_trgm_ops)
where deleted_at is null;

-- And by the people there.
create index contacts_search on contacts using gin (name gin_trgm_ops, email gin_trgm_ops)
where deleted_at is null;
