-- requires program 0.9.0
-- Webhooks: the endpoints, the deliveries of events to them, and every attempt at a delivery.

-- An endpoint that events are posted to.
create table webhooks (
  id                    bigint generated always as identity primary key,
  url                   text not null,
  description           text not null default '',
  -- The dialect that writes the bodies of its requests.
  format                text not null default 'license_api',
  -- Types of events; '*' is every type, including future ones.
  event_types           text[] not null,
  -- Additional request headers as encrypted JSON: they often contain a credential of the receiver.
  headers               bytea not null,
  -- The encrypted signing secret. During a rotation requests are signed with the previous one as well.
  secret                bytea not null,
  previous_secret       bytea,
  previous_secret_until timestamptz,
  is_active             boolean not null default true,
  -- Why it is disabled: by a person, because it answered 410 Gone, or because it failed for days.
  disabled_reason       text,
  -- Since when every delivery has failed; null while deliveries succeed.
  failing_since         timestamptz,
  created_at            timestamptz not null,
  updated_at            timestamptz not null,
  deleted_at            timestamptz,
  constraint webhooks_url_length check (length(url) between 1 and 2000),
  constraint webhooks_description_length check (length(description) <= 255),
  constraint webhooks_format_length check (length(format) between 1 and 63),
  constraint webhooks_event_types_present check (cardinality(event_types) between 1 and 100),
  constraint webhooks_disabled_reason_known check (disabled_reason in ('person', 'gone', 'failing')),
  constraint webhooks_disabled_reason_present check (is_active = (disabled_reason is null)),
  constraint webhooks_previous_secret_with_its_end
    check ((previous_secret is null) = (previous_secret_until is null))
);

-- Which worker delivers to an endpoint at present, and whether the endpoint answers. It is a table of its own
-- because it changes every second, also while a transaction of an owner locks the endpoint.
create table webhook_states (
  webhook_id   bigint not null references webhooks,
  -- The lease of the worker. It is renewed while the worker delivers; when the worker dies, another takes over.
  lease_token  uuid,
  leased_until timestamptz,
  -- How many times in a row the endpoint did not answer.
  unanswered   integer not null default 0,
  -- While it does not answer: when a single delivery is tried next. The others wait.
  resume_at    timestamptz,
  constraint webhook_states_pkey primary key (webhook_id),
  constraint webhook_states_lease_token_with_its_end
    check ((lease_token is null) = (leased_until is null)),
  constraint webhook_states_unanswered_range check (unanswered >= 0)
);

-- One event for one endpoint. The worker that has the endpoint's lease delivers it.
create table webhook_deliveries (
  id           bigint generated always as identity primary key,
  webhook_id   bigint not null references webhooks,
  event_id     bigint not null references events,
  -- When the next attempt is due. Null: delivered or given up.
  due_at       timestamptz,
  -- Attempts since it was created or replayed; they determine the delay of the next one.
  tries        integer not null default 0,
  delivered_at timestamptz,
  -- The result of the last attempt, in a word or two.
  last_outcome text,
  created_at   timestamptz not null,
  constraint webhook_deliveries_event_id_unique unique (webhook_id, event_id),
  constraint webhook_deliveries_tries_range check (tries >= 0)
);

-- For findDueDeliveries: due deliveries by endpoint, so that a backlog of one endpoint does not delay the
-- others. The id orders those that are due at the same instant, so that a page of a backlog is read without
-- sorting all of it.
create index webhook_deliveries_due on webhook_deliveries (webhook_id, due_at, id)
where due_at is not null;

-- For listDeliveries: the deliveries of an endpoint, newest first.
create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, id desc);

-- For listLicenseDeliveries, prune_events: events that a delivery refers to are not pruned.
create index webhook_deliveries_by_event on webhook_deliveries (event_id);

-- An attempt at a delivery: the request and its response.
create table webhook_attempts (
  id           bigint generated always as identity primary key,
  delivery_id  bigint not null references webhook_deliveries on delete cascade,
  attempted_at timestamptz not null,
  milliseconds integer not null,
  -- The HTTP status, or null and the error when there was no response.
  status       integer,
  error        text,
  -- The first 4 KiB of the response body, as text.
  answer       text,
  -- The request as it was sent: URL and headers by name. Headers that an owner configured have the value
  -- null, because they may contain a credential. The body is the event, the same in every attempt.
  url          text,
  headers      jsonb,
  constraint webhook_attempts_status_or_error check ((status is null) = (error is not null)),
  constraint webhook_attempts_answer_length check (octet_length(answer) <= 12288)
);

-- For getDelivery: the attempts of a delivery, in order.
create index webhook_attempts_by_delivery on webhook_attempts (delivery_id, id);
