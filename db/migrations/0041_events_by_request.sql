-- What one request changed, found by the id it has in the log and in its answer. A hash index: ids are random text, are
-- only ever asked for whole, and a code of four bytes is all that has to be kept of each.
create index events_by_request on events using hash (request_id) where request_id is not null;
