-- requires program 0.9.0
-- The log of API requests: what apps and scripts asked and what they were answered, for support. Under load only a
-- part is kept. It is written beside the requests, which never wait for it, and is no evidence: the audit log is.
--
-- The table is unlogged, so that it costs no WAL and is in no backup. PostgreSQL empties it after a crash.
-- pruneApiRequests bounds its rows; with the settings of the table dead ones are reused soon.
create unlogged table api_requests (
  id            bigint generated always as identity primary key,
  -- When it arrived.
  started_at    timestamptz not null,
  -- The id in the server's log and in events.
  request_id    text not null,
  method        text not null,
  -- The declared pattern of its address, "/api/admin/licenses/{id}".
  route         text not null,
  -- The address, as far as it holds no secret: ids, and the parameters of its query that take no free text.
  path          text not null,
  status        integer not null,
  -- The code of the error, or of the validation result of a license that may not be used; null: it succeeded.
  code          text,
  -- How long the answer took; milliseconds.
  duration_ms   double precision not null,
  -- Where it came from, as it is stored of activations: /24 or /48.
  network       text,
  -- Names and versions of the program that sent it: "MyApp/1.2.0".
  user_agent    text,
  actor_kind    text not null,
  actor_id      bigint,
  -- What it was about, as far as that was found.
  license_id    bigint,
  activation_id bigint,
  customer_id   bigint,
  user_id       bigint,
  product_id    bigint,
  -- The key that was sent, masked, where no license has it.
  license_text  text,
  -- Of the process's requests of that second with the same kind of outcome, how many there were and how many of
  -- them are in this table.
  seen          integer not null,
  kept          integer not null,
  -- What was sent and answered, as JSON with secrets masked; null unless an owner turned it on for the API key.
  request_body  text,
  response_body text,
  constraint api_requests_request_body_length check (length(request_body) <= 8192),
  constraint api_requests_response_body_length check (length(response_body) <= 8192)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.1);

-- For listApiRequests: requests in the order of time.
create index api_requests_by_time on api_requests (started_at, id);

-- For listApiRequests: requests of a status class, newest first.
create index api_requests_by_status on api_requests ((status / 100), started_at, id);

-- For listApiRequests: requests that were refused with a code, newest first.
create index api_requests_by_code on api_requests (code, started_at, id)
where code is not null;

-- For listApiRequests: requests of an API key, user or administrator, newest first.
create index api_requests_by_actor on api_requests (actor_kind, actor_id, started_at, id);

-- For listApiRequests and eraseApiRequests: requests about a license, newest first.
create index api_requests_by_license on api_requests (license_id, started_at, id)
where license_id is not null;

-- For listApiRequests: requests of a device, newest first.
create index api_requests_by_activation on api_requests (activation_id, started_at, id)
where activation_id is not null;

-- For listApiRequests and eraseApiRequests: requests about a customer, newest first.
create index api_requests_by_customer on api_requests (customer_id, started_at, id)
where customer_id is not null;

-- For listApiRequests and eraseApiRequests: requests of or about a user, newest first.
create index api_requests_by_user on api_requests (user_id, started_at, id)
where user_id is not null;

-- For listApiRequests: a request by its id.
create index api_requests_by_request on api_requests using hash (request_id);
