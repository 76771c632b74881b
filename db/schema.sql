-- The schema that db/migrations produce. Written by `deno task schema`; not to be edited.

create extension pg_trgm;

create table activation_components (
  activation_id bigint not null,
  name text not null,
  license_id bigint not null,
  digest bytea not null,
  since timestamp with time zone not null,
  constraint activation_components_pkey PRIMARY KEY (activation_id, name),
  constraint activation_components_activation_id_fkey FOREIGN KEY (activation_id) REFERENCES activations(id),
  constraint activation_components_digest_length CHECK ((length(digest) = 32)),
  constraint activation_components_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id),
  constraint activation_components_name_length CHECK (((length(name) >= 1) AND (length(name) <= 63)))
);
CREATE INDEX activation_components_by_digest ON public.activation_components USING btree (license_id, name, digest);

create table activation_texts (
  activation_id bigint not null,
  machine_name text,
  hardware_id text not null,
  metadata text,
  constraint activation_texts_pkey PRIMARY KEY (activation_id),
  constraint activation_texts_activation_id_fkey FOREIGN KEY (activation_id) REFERENCES activations(id)
);
CREATE INDEX activation_texts_by_fingerprint ON public.activation_texts USING btree (lower(hardware_id) text_pattern_ops);
CREATE INDEX activation_texts_by_name ON public.activation_texts USING btree (lower(machine_name) text_pattern_ops);
CREATE INDEX activation_texts_metadata ON public.activation_texts USING gin (joined(metadata) gin_trgm_ops) WHERE (metadata IS NOT NULL);
CREATE INDEX activation_texts_search ON public.activation_texts USING gin (joined(machine_name) gin_trgm_ops, joined(hardware_id) gin_trgm_ops);

create table activations (
  id bigint generated always as identity not null,
  license_id bigint not null,
  hardware_id text not null,
  machine_name text,
  app_version text,
  activated_at timestamp with time zone not null,
  first_activated_at timestamp with time zone not null default now(),
  last_heartbeat timestamp with time zone not null,
  is_active boolean not null default true,
  deactivated_at timestamp with time zone,
  component_mark bigint,
  deactivation_reason text,
  metadata jsonb not null default '{}'::jsonb,
  constraint activations_pkey PRIMARY KEY (id),
  constraint activations_app_version_length CHECK ((length(app_version) <= 64)),
  constraint activations_deactivated_at_when_inactive CHECK ((is_active = (deactivated_at IS NULL))),
  constraint activations_deactivation_reason_known CHECK (((deactivation_reason IS NULL) OR ((NOT is_active) AND (deactivation_reason = ANY (ARRAY['replaced'::text, 'lapsed'::text]))))),
  constraint activations_hardware_id_length CHECK (((length(hardware_id) >= 1) AND (length(hardware_id) <= 255))),
  constraint activations_hardware_id_unique UNIQUE (license_id, hardware_id),
  constraint activations_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id),
  constraint activations_machine_name_length CHECK ((length(machine_name) <= 255))
) with (fillfactor=85);
CREATE INDEX activations_by_fingerprint ON public.activations USING hash (hardware_id) WHERE is_active;
CREATE INDEX activations_by_metadata ON public.activations USING gin (metadata jsonb_path_ops) WHERE (metadata <> '{}'::jsonb);
CREATE INDEX activations_by_time ON public.activations USING brin (activated_at, id) WITH (pages_per_range='32', autosummarize='on');
CREATE INDEX activations_by_version ON public.activations USING btree (app_version, id DESC) WHERE (app_version IS NOT NULL);
CREATE INDEX activations_inactive ON public.activations USING btree (id) WHERE (NOT is_active);
CREATE TRIGGER notify_activation_change AFTER DELETE OR UPDATE OF is_active, hardware_id, component_mark ON public.activations FOR EACH ROW EXECUTE FUNCTION notify_change('license', 'license_id', 'is read later');
CREATE TRIGGER notify_activation_metadata_change AFTER UPDATE OF metadata ON public.activations FOR EACH ROW WHEN ((old.metadata <> new.metadata)) EXECUTE FUNCTION notify_change('license', 'license_id', 'is read later');

create table administrator_challenges (
  challenge text not null,
  administrator_id bigint,
  expires_at timestamp with time zone not null,
  constraint administrator_challenges_pkey PRIMARY KEY (challenge),
  constraint administrator_challenges_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id)
);

create table administrator_identities (
  issuer text not null,
  subject text not null,
  administrator_id bigint not null,
  linked_at timestamp with time zone not null,
  last_used_at timestamp with time zone not null,
  constraint administrator_identities_pkey PRIMARY KEY (issuer, subject),
  constraint administrator_identities_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id)
);
CREATE INDEX administrator_identities_by_administrator ON public.administrator_identities USING btree (administrator_id);

create table administrator_invitations (
  id bigint generated always as identity not null,
  invited_by bigint,
  email text not null,
  name text not null,
  role text not null,
  token_hash bytea not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  accepted_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint administrator_invitations_pkey PRIMARY KEY (id),
  constraint administrator_invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES administrators(id),
  constraint administrator_invitations_role_known CHECK ((role = ANY (ARRAY['viewer'::text, 'manager'::text, 'owner'::text]))),
  constraint administrator_invitations_token_hash_unique UNIQUE (token_hash)
);

create table administrator_passkeys (
  id bigint generated always as identity not null,
  administrator_id bigint not null,
  name text not null,
  credential_id text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null default '{}'::text[],
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  constraint administrator_passkeys_pkey PRIMARY KEY (id),
  constraint administrator_passkeys_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id),
  constraint administrator_passkeys_credential_id_unique UNIQUE (credential_id),
  constraint administrator_passkeys_name_present CHECK (((length(name) >= 1) AND (length(name) <= 255)))
);
CREATE INDEX administrator_passkeys_by_administrator ON public.administrator_passkeys USING btree (administrator_id);
CREATE TRIGGER notify_administrator_passkey_change AFTER INSERT OR DELETE ON public.administrator_passkeys FOR EACH ROW EXECUTE FUNCTION notify_change('administrator', 'administrator_id');

create table administrator_password_links (
  id bigint generated always as identity not null,
  email text not null,
  requested_at timestamp with time zone not null,
  processed_at timestamp with time zone,
  administrator_id bigint,
  token_hash bytea,
  expires_at timestamp with time zone,
  used_at timestamp with time zone,
  constraint administrator_password_links_pkey PRIMARY KEY (id),
  constraint administrator_password_links_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id),
  constraint administrator_password_links_token_hash_unique UNIQUE (token_hash)
);
CREATE INDEX administrator_password_links_by_age ON public.administrator_password_links USING btree (requested_at);
CREATE INDEX administrator_password_links_open ON public.administrator_password_links USING btree (administrator_id) WHERE ((token_hash IS NOT NULL) AND (used_at IS NULL));
CREATE INDEX administrator_password_links_waiting ON public.administrator_password_links USING btree (id) WHERE (processed_at IS NULL);

create table administrator_pending_sign_ins (
  token_hash bytea not null,
  administrator_id bigint not null,
  identity bytea not null,
  return_to text not null,
  expires_at timestamp with time zone not null,
  constraint administrator_pending_sign_ins_pkey PRIMARY KEY (token_hash),
  constraint administrator_pending_sign_ins_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id)
);

create table administrator_preferences (
  administrator_id bigint not null,
  name text not null,
  value jsonb not null,
  updated_at timestamp with time zone not null,
  constraint administrator_preferences_pkey PRIMARY KEY (administrator_id, name),
  constraint administrator_preferences_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id),
  constraint administrator_preferences_name_length CHECK (((length(name) >= 1) AND (length(name) <= 100)))
);

create table administrator_provider_requests (
  state_hash bytea not null,
  browser_hash bytea not null,
  session_id bigint,
  nonce text not null,
  code_verifier bytea not null,
  return_to text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint administrator_provider_requests_pkey PRIMARY KEY (state_hash)
);

create table administrator_recovery_codes (
  administrator_id bigint not null,
  code_hash bytea not null,
  used_at timestamp with time zone,
  constraint administrator_recovery_codes_pkey PRIMARY KEY (administrator_id, code_hash),
  constraint administrator_recovery_codes_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id)
);

create table administrator_sessions (
  id bigint generated always as identity not null,
  administrator_id bigint not null,
  token_hash bytea not null,
  kind text not null,
  name text not null,
  ip text,
  created_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  authenticated_at timestamp with time zone not null,
  first_factor text not null,
  second_factor text,
  second_factor_at timestamp with time zone,
  id_token bytea,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint administrator_sessions_pkey PRIMARY KEY (id),
  constraint administrator_sessions_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id),
  constraint administrator_sessions_first_factor_known CHECK ((first_factor = ANY (ARRAY['password'::text, 'passkey'::text, 'identity_provider'::text]))),
  constraint administrator_sessions_kind_known CHECK ((kind = ANY (ARRAY['session'::text, 'token'::text]))),
  constraint administrator_sessions_second_factor_at_with_second_factor CHECK (((second_factor IS NULL) = (second_factor_at IS NULL))),
  constraint administrator_sessions_second_factor_known CHECK ((second_factor = ANY (ARRAY['totp'::text, 'recovery_code'::text, 'passkey'::text, 'identity_provider'::text]))),
  constraint administrator_sessions_token_hash_unique UNIQUE (token_hash)
);
CREATE INDEX administrator_sessions_by_administrator ON public.administrator_sessions USING btree (administrator_id);
CREATE INDEX administrator_sessions_by_expiry ON public.administrator_sessions USING btree (expires_at);
CREATE TRIGGER notify_administrator_session_change AFTER DELETE OR UPDATE OF authenticated_at, second_factor_at, ended_at ON public.administrator_sessions FOR EACH ROW EXECUTE FUNCTION notify_change('administrator', 'administrator_id');

create table administrator_setup_links (
  token_hash bytea not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint administrator_setup_links_pkey PRIMARY KEY (token_hash)
);

create table administrators (
  id bigint generated always as identity not null,
  email text not null,
  name text not null,
  role text not null,
  password_hash text,
  totp_secret bytea,
  totp_since timestamp with time zone,
  totp_step bigint,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  last_seen_at timestamp with time zone,
  disabled_at timestamp with time zone,
  constraint administrators_pkey PRIMARY KEY (id),
  constraint administrators_email_form CHECK (((email ~ '^[^@\s]+@[^@\s]+$'::text) AND (length(email) <= 254))),
  constraint administrators_name_present CHECK (((length(name) >= 1) AND (length(name) <= 255))),
  constraint administrators_role_known CHECK ((role = ANY (ARRAY['viewer'::text, 'manager'::text, 'owner'::text]))),
  constraint administrators_totp_since_with_totp_secret CHECK (((totp_since IS NULL) OR (totp_secret IS NOT NULL)))
);
CREATE UNIQUE INDEX administrators_email_unique ON public.administrators USING btree (lower(email));
CREATE TRIGGER notify_administrator_change AFTER DELETE OR UPDATE OF role, name, totp_since, disabled_at ON public.administrators FOR EACH ROW EXECUTE FUNCTION notify_change('administrator', 'id');

create table alerts (
  id bigint generated always as identity not null,
  kind text not null,
  subject text not null,
  severity text not null,
  message text not null,
  raised_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  cleared_at timestamp with time zone,
  constraint alerts_pkey PRIMARY KEY (id),
  constraint alerts_severity_known CHECK ((severity = ANY (ARRAY['warning'::text, 'critical'::text])))
);
CREATE INDEX alerts_by_age ON public.alerts USING btree (raised_at DESC);
CREATE UNIQUE INDEX alerts_open_once ON public.alerts USING btree (kind, subject) WHERE (cleared_at IS NULL);

create table anomalies (
  id bigint generated always as identity not null,
  kind text not null,
  subject text not null,
  license_id bigint,
  customer_id bigint,
  activation_id bigint,
  facts jsonb not null,
  threshold integer,
  severity text not null default 'warning'::text,
  found_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  resolved_by text,
  note text,
  constraint anomalies_pkey PRIMARY KEY (id),
  constraint anomalies_activation_id_fkey FOREIGN KEY (activation_id) REFERENCES activations(id),
  constraint anomalies_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint anomalies_kind_known CHECK ((kind = ANY (ARRAY['unusual_activation_pattern'::text, 'excessive_heartbeats'::text, 'license_hopping'::text, 'license_cloned'::text]))),
  constraint anomalies_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id),
  constraint anomalies_note_length CHECK ((length(note) <= 2000)),
  constraint anomalies_resolved_at_with_resolved_by CHECK (((resolved_at IS NULL) = (resolved_by IS NULL))),
  constraint anomalies_severity_known CHECK ((severity = ANY (ARRAY['warning'::text, 'critical'::text])))
);
CREATE INDEX anomalies_by_license ON public.anomalies USING btree (license_id);
CREATE INDEX anomalies_by_subject ON public.anomalies USING btree (kind, subject, resolved_at);
CREATE UNIQUE INDEX anomalies_open_once ON public.anomalies USING btree (kind, subject) WHERE (resolved_at IS NULL);

create table api_keys (
  id bigint generated always as identity not null,
  name text not null,
  prefix text not null,
  key_hash bytea not null,
  product_id bigint,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  bodies_until timestamp with time zone,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_key_hash_unique UNIQUE (key_hash),
  constraint api_keys_name_present CHECK (((length(name) >= 1) AND (length(name) <= 255))),
  constraint api_keys_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id)
);
CREATE TRIGGER notify_api_key_change AFTER DELETE OR UPDATE OF revoked_at, product_id, bodies_until ON public.api_keys FOR EACH ROW EXECUTE FUNCTION notify_change('api_key', 'id');

create unlogged table api_requests (
  id bigint generated always as identity not null,
  started_at timestamp with time zone not null,
  request_id text not null,
  method text not null,
  route text not null,
  path text not null,
  status integer not null,
  code text,
  duration_ms double precision not null,
  network text,
  user_agent text,
  actor_kind text not null,
  actor_id bigint,
  license_id bigint,
  activation_id bigint,
  customer_id bigint,
  user_id bigint,
  product_id bigint,
  license_text text,
  seen integer not null,
  kept integer not null,
  request_body text,
  response_body text,
  constraint api_requests_pkey PRIMARY KEY (id),
  constraint api_requests_request_body_length CHECK ((length(request_body) <= 8192)),
  constraint api_requests_response_body_length CHECK ((length(response_body) <= 8192))
) with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.1);
CREATE INDEX api_requests_by_activation ON public.api_requests USING btree (activation_id, started_at, id) WHERE (activation_id IS NOT NULL);
CREATE INDEX api_requests_by_actor ON public.api_requests USING btree (actor_kind, actor_id, started_at, id);
CREATE INDEX api_requests_by_code ON public.api_requests USING btree (code, started_at, id) WHERE (code IS NOT NULL);
CREATE INDEX api_requests_by_customer ON public.api_requests USING btree (customer_id, started_at, id) WHERE (customer_id IS NOT NULL);
CREATE INDEX api_requests_by_license ON public.api_requests USING btree (license_id, started_at, id) WHERE (license_id IS NOT NULL);
CREATE INDEX api_requests_by_request ON public.api_requests USING hash (request_id);
CREATE INDEX api_requests_by_status ON public.api_requests USING btree (((status / 100)), started_at, id);
CREATE INDEX api_requests_by_time ON public.api_requests USING btree (started_at, id);
CREATE INDEX api_requests_by_user ON public.api_requests USING btree (user_id, started_at, id) WHERE (user_id IS NOT NULL);

create unlogged table change_history (
  id uuid not null default uuidv7(),
  complete_from xid8 not null default '0'::xid8,
  next_from xid8 not null default pg_snapshot_xmin(pg_current_snapshot()),
  noted_at timestamp with time zone not null default now(),
  is_only boolean not null default true,
  constraint change_history_pkey PRIMARY KEY (id),
  constraint change_history_is_only_true CHECK (is_only),
  constraint change_history_is_only_unique UNIQUE (is_only)
);

create unlogged table changes (
  transaction_id xid8 not null default pg_current_xact_id(),
  tag text not null
);
CREATE INDEX changes_by_transaction ON public.changes USING btree (transaction_id);

create table contacts (
  id bigint generated always as identity not null,
  institution_id bigint not null,
  name text not null,
  email text,
  phone text,
  position text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint contacts_pkey PRIMARY KEY (id),
  constraint contacts_institution_id_fkey FOREIGN KEY (institution_id) REFERENCES institutions(id),
  constraint contacts_name_present CHECK (((length(name) >= 1) AND (length(name) <= 255)))
);
CREATE INDEX contacts_by_institution ON public.contacts USING btree (institution_id, id);
CREATE INDEX contacts_search ON public.contacts USING gin (name gin_trgm_ops, email gin_trgm_ops) WHERE (deleted_at IS NULL);

create table current_counts (
  measure text not null,
  subject_id bigint not null,
  label text not null,
  value bigint not null,
  counted_at timestamp with time zone not null,
  constraint current_counts_pkey PRIMARY KEY (measure, subject_id, label),
  constraint current_counts_measure_known CHECK ((measure = ANY (ARRAY['licenses.active'::text, 'activations.active'::text, 'seats.active'::text, 'licenses.of_product'::text, 'licenses.of_plan'::text, 'licenses.expiring'::text, 'machines.counted'::text, 'machines.estimated'::text, 'machines.others'::text])))
);

create table customers (
  id bigint generated always as identity not null,
  name text not null,
  email text,
  notes text not null default ''::text,
  tags text[] not null default '{}'::text[],
  metadata jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  merged_into_id bigint,
  constraint customers_pkey PRIMARY KEY (id),
  constraint customers_email_form CHECK (((email ~ '^[^@\s]+@[^@\s]+$'::text) AND (length(email) <= 254))),
  constraint customers_merged_into_id_fkey FOREIGN KEY (merged_into_id) REFERENCES customers(id),
  constraint customers_merged_into_id_only_deleted CHECK (((merged_into_id IS NULL) OR (deleted_at IS NOT NULL))),
  constraint customers_merged_into_id_other CHECK ((merged_into_id <> id)),
  constraint customers_name_present CHECK (((length(name) >= 1) AND (length(name) <= 255)))
);
CREATE INDEX customers_by_domain ON public.customers USING btree (lower(split_part(email, '@'::text, 2)), lower(name) text_pattern_ops) WHERE ((deleted_at IS NULL) AND (email IS NOT NULL));
CREATE INDEX customers_by_email ON public.customers USING btree (lower(email));
CREATE INDEX customers_by_email_start ON public.customers USING btree (lower(email) text_pattern_ops) WHERE (deleted_at IS NULL);
CREATE INDEX customers_by_merged_into ON public.customers USING btree (merged_into_id) WHERE (merged_into_id IS NOT NULL);
CREATE INDEX customers_by_metadata ON public.customers USING gin (metadata jsonb_path_ops) WHERE (metadata <> '{}'::jsonb);
CREATE INDEX customers_by_name ON public.customers USING btree (lower(name), id);
CREATE INDEX customers_by_name_start ON public.customers USING btree (lower(name) text_pattern_ops) WHERE (deleted_at IS NULL);
CREATE INDEX customers_by_tag ON public.customers USING gin (tags) WHERE (tags <> '{}'::text[]);
CREATE INDEX customers_metadata_search ON public.customers USING gin (metadata_text(metadata) gin_trgm_ops) WHERE (metadata <> '{}'::jsonb);
CREATE INDEX customers_search ON public.customers USING gin (name gin_trgm_ops, email gin_trgm_ops) WHERE (deleted_at IS NULL);

create table email_links (
  id bigint generated always as identity not null,
  purpose text not null,
  email text not null,
  name text,
  requested_at timestamp with time zone not null,
  processed_at timestamp with time zone,
  user_id bigint,
  token_hash bytea,
  expires_at timestamp with time zone,
  used_at timestamp with time zone,
  traceparent text,
  constraint email_links_pkey PRIMARY KEY (id),
  constraint email_links_email_form CHECK (((email ~ '^[^@\s]+@[^@\s]+$'::text) AND (length(email) <= 254))),
  constraint email_links_name_length CHECK (((length(name) >= 1) AND (length(name) <= 255))),
  constraint email_links_purpose_known CHECK ((purpose = ANY (ARRAY['sign_in'::text, 'register'::text, 'password'::text]))),
  constraint email_links_token_hash_unique UNIQUE (token_hash),
  constraint email_links_traceparent_length CHECK ((length(traceparent) = 55)),
  constraint email_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX email_links_by_age ON public.email_links USING btree (requested_at);
CREATE INDEX email_links_open ON public.email_links USING btree (email) WHERE ((token_hash IS NOT NULL) AND (used_at IS NULL));
CREATE INDEX email_links_waiting ON public.email_links USING btree (id) WHERE (processed_at IS NULL);

create table erasures (
  kind text not null,
  subject_id bigint not null,
  erased_at timestamp with time zone not null,
  constraint erasures_pkey PRIMARY KEY (kind, subject_id),
  constraint erasures_kind_known CHECK ((kind = ANY (ARRAY['customer'::text, 'user'::text])))
);

create table event_readers (
  name text not null,
  transaction_id xid8 not null default '0'::xid8,
  event_id bigint not null default 0,
  highest_id bigint not null default 0,
  system_identifier text not null,
  restored_up_to bigint not null default 0,
  constraint event_readers_pkey PRIMARY KEY (name)
);

create table events (
  id bigint generated always as identity not null,
  uid uuid not null default uuidv7(),
  type text not null,
  occurred_at timestamp with time zone not null,
  actor_kind text not null,
  actor_id bigint,
  actor_name text,
  request_id text,
  traceparent text,
  subject_kind text not null,
  subject_id bigint not null,
  license_id bigint,
  customer_id bigint,
  activation_id bigint,
  before jsonb,
  after jsonb,
  transaction_id xid8 not null default pg_current_xact_id(),
  constraint events_pkey PRIMARY KEY (id),
  constraint events_subject_kind_with_its_license CHECK (((subject_kind <> 'activation'::text) OR (license_id IS NOT NULL))),
  constraint events_traceparent_length CHECK ((length(traceparent) = 55)),
  constraint events_type_form CHECK ((type ~ '^[a-z_]+\.[a-z_]+$'::text))
) partition by RANGE (id);
CREATE INDEX events_by_actor ON ONLY public.events USING btree (actor_kind, actor_id, id DESC);
CREATE INDEX events_by_customer ON ONLY public.events USING btree (customer_id, id DESC) WHERE (customer_id IS NOT NULL);
CREATE INDEX events_by_license ON ONLY public.events USING btree (license_id, id DESC) WHERE (license_id IS NOT NULL);
CREATE INDEX events_by_request ON ONLY public.events USING hash (request_id) WHERE (request_id IS NOT NULL);
CREATE INDEX events_by_subject ON ONLY public.events USING btree (subject_kind, subject_id, id DESC) WHERE (subject_kind <> 'activation'::text);
CREATE INDEX events_by_time ON ONLY public.events USING brin (occurred_at, id) WITH (pages_per_range='32', autosummarize='on');
CREATE INDEX events_by_transaction ON ONLY public.events USING btree (transaction_id, id);
CREATE INDEX events_by_type ON ONLY public.events USING btree (type, id DESC);
CREATE TRIGGER events_are_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION events_are_append_only();
CREATE TRIGGER notify_events AFTER INSERT ON public.events FOR EACH ROW WHEN ((new.type <> ALL (ARRAY['activation.imported'::text, 'activation.over_limit'::text, 'activation.replaced'::text, 'activation.updated'::text, 'license.activated'::text, 'license.deactivated'::text, 'license_file.issued'::text, 'seat.ended'::text, 'seat.queued'::text, 'seat.started'::text, 'seat.unqueued'::text, 'session.state_changed'::text, 'user.signed_in'::text, 'user.signed_out'::text]))) EXECUTE FUNCTION notify_events();

create table external_ids (
  dialect text not null,
  kind text not null,
  id bigint not null,
  external_id text not null,
  created_at timestamp with time zone not null,
  constraint external_ids_pkey PRIMARY KEY (dialect, kind, id),
  constraint external_ids_dialect_length CHECK (((length(dialect) >= 1) AND (length(dialect) <= 63))),
  constraint external_ids_external_id_length CHECK (((length(external_id) >= 1) AND (length(external_id) <= 255))),
  constraint external_ids_external_id_unique UNIQUE (dialect, kind, external_id),
  constraint external_ids_kind_length CHECK (((length(kind) >= 1) AND (length(kind) <= 63)))
);

create table heartbeat_counts (
  bucket timestamp with time zone not null,
  slot smallint not null,
  count bigint not null,
  constraint heartbeat_counts_pkey PRIMARY KEY (bucket, slot)
);

create table idempotency_keys (
  caller text not null,
  key text not null,
  request bytea not null,
  status integer,
  answer bytea,
  created_at timestamp with time zone not null,
  constraint idempotency_keys_pkey PRIMARY KEY (caller, key),
  constraint idempotency_keys_key_length CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);
CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (created_at);

create table institutions (
  id bigint generated always as identity not null,
  name text not null,
  type text not null,
  stage text not null,
  website text,
  city text,
  country text,
  notes text not null default ''::text,
  tags text[] not null default '{}'::text[],
  customer_id bigint,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint institutions_pkey PRIMARY KEY (id),
  constraint institutions_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint institutions_name_present CHECK (((length(name) >= 1) AND (length(name) <= 255))),
  constraint institutions_stage_known CHECK ((stage = ANY (ARRAY['new'::text, 'contacted'::text, 'qualified'::text, 'proposal'::text, 'won'::text, 'lost'::text]))),
  constraint institutions_type_form CHECK ((type ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text))
);
CREATE INDEX institutions_by_comparable_name ON public.institutions USING btree (comparable(name)) WHERE (deleted_at IS NULL);
CREATE INDEX institutions_by_customer ON public.institutions USING btree (customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX institutions_by_name ON public.institutions USING btree (lower(name), id) WHERE (deleted_at IS NULL);
CREATE INDEX institutions_by_stage ON public.institutions USING btree (stage, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX institutions_by_tag ON public.institutions USING gin (tags) WHERE (tags <> '{}'::text[]);
CREATE INDEX institutions_by_type ON public.institutions USING btree (type, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX institutions_deleted ON public.institutions USING btree (id) WHERE (deleted_at IS NOT NULL);
CREATE INDEX institutions_search ON public.institutions USING gin (name gin_trgm_ops) WHERE (deleted_at IS NULL);

create table job_chunks (
  job_id bigint not null,
  number integer not null,
  content bytea not null,
  constraint job_chunks_pkey PRIMARY KEY (job_id, number),
  constraint job_chunks_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id) ON DELETE CASCADE
);

create table job_cursors (
  job text not null,
  processed_until timestamp with time zone not null,
  constraint job_cursors_pkey PRIMARY KEY (job)
);

create table job_invalid_rows (
  job_id bigint not null,
  number integer not null,
  line integer not null,
  cells jsonb not null,
  errors jsonb not null,
  constraint job_invalid_rows_pkey PRIMARY KEY (job_id, number),
  constraint job_invalid_rows_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id) ON DELETE CASCADE
);

create table job_licenses (
  job_id bigint not null,
  license_id bigint not null,
  constraint job_licenses_pkey PRIMARY KEY (job_id, license_id),
  constraint job_licenses_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id) ON DELETE CASCADE,
  constraint job_licenses_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id)
);

create table job_schedules (
  job text not null,
  period_ms integer not null,
  next_run_at timestamp with time zone not null,
  failures integer not null default 0,
  constraint job_schedules_pkey PRIMARY KEY (job)
) with (fillfactor=50);

create table jobs (
  id bigint generated always as identity not null,
  kind text not null,
  input jsonb not null,
  state text not null default 'waiting'::text,
  total integer,
  done integer not null default 0,
  result jsonb,
  error text,
  administrator_id bigint,
  requested_at timestamp with time zone not null,
  started_at timestamp with time zone,
  lease_token uuid,
  leased_until timestamp with time zone,
  attempts integer not null default 0,
  finished_at timestamp with time zone,
  traceparent text,
  constraint jobs_pkey PRIMARY KEY (id),
  constraint jobs_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id),
  constraint jobs_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text]))),
  constraint jobs_traceparent_length CHECK ((length(traceparent) = 55))
);
CREATE INDEX jobs_open ON public.jobs USING btree (id) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));

create table lead_activities (
  id bigint generated always as identity not null,
  institution_id bigint not null,
  contact_id bigint,
  kind text not null,
  text text not null,
  author text not null,
  happened_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  constraint lead_activities_pkey PRIMARY KEY (id),
  constraint lead_activities_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id),
  constraint lead_activities_institution_id_fkey FOREIGN KEY (institution_id) REFERENCES institutions(id),
  constraint lead_activities_kind_known CHECK ((kind = ANY (ARRAY['call'::text, 'email'::text, 'meeting'::text, 'note'::text, 'stage'::text])))
);
CREATE INDEX lead_activities_by_institution ON public.lead_activities USING btree (institution_id, happened_at DESC, id DESC);
CREATE INDEX lead_activities_by_time ON public.lead_activities USING btree (happened_at);

create table license_files (
  activation_id bigint not null,
  license_id bigint not null,
  status_id bigint not null,
  seq bigint not null,
  shown_seq bigint not null default 0,
  issued_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  is_borrowed boolean not null,
  returned_at timestamp with time zone,
  cloned_at timestamp with time zone,
  removed_seq bigint not null default 0,
  constraint license_files_pkey PRIMARY KEY (activation_id),
  constraint license_files_activation_id_fkey FOREIGN KEY (activation_id) REFERENCES activations(id),
  constraint license_files_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id),
  constraint license_files_removed_seq_range CHECK (((removed_seq >= 0) AND (removed_seq <= seq))),
  constraint license_files_seq_range CHECK ((seq >= 1)),
  constraint license_files_shown_seq_range CHECK (((shown_seq >= 0) AND (shown_seq <= seq))),
  constraint license_files_status_id_fkey FOREIGN KEY (status_id) REFERENCES license_statuses(id)
);

create table license_statuses (
  id bigint generated always as identity not null,
  product_id bigint not null,
  license_id bigint not null,
  activation_id bigint not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint license_statuses_pkey PRIMARY KEY (id),
  constraint license_statuses_activation_id_fkey FOREIGN KEY (activation_id) REFERENCES activations(id),
  constraint license_statuses_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id),
  constraint license_statuses_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id)
);

create table licenses (
  id bigint generated always as identity not null,
  key text not null,
  key_digest bytea not null,
  product_id bigint not null,
  customer_id bigint not null,
  plan_id bigint,
  user_id bigint,
  type text not null,
  is_active boolean not null default true,
  disabled_reason text,
  disable_at timestamp with time zone,
  disable_reason text,
  enable_at timestamp with time zone,
  valid_from date not null,
  valid_until date,
  anchor_day integer,
  periods_from date,
  max_activations integer not null,
  max_users integer not null,
  duration text,
  expiry_basis text not null default 'issue'::text,
  renewal_basis text not null default 'expiry'::text,
  grace_days integer not null default 0,
  after_expiry text not null default 'refuse'::text,
  updates text,
  updates_until date,
  starts_with text,
  versions text,
  machine_overage integer default 0,
  machine_lease text,
  machine_replacement text not null default 'refuse'::text,
  replacement_idle_days integer not null default 30,
  max_new_machines integer,
  machine_matching text not null default 'exact'::text,
  machine_uniqueness text not null default 'license'::text,
  seat_scope text not null default 'license'::text,
  seat_ttl integer not null default 300,
  seat_queue boolean not null default false,
  offline_days integer not null default 0,
  offline_borrowing boolean not null default false,
  entitlements jsonb not null default '{}'::jsonb,
  meters jsonb not null default '{}'::jsonb,
  trial_per text not null default 'none'::text,
  activations_in_use integer not null default 0,
  next_expiry_notice_on date,
  next_lease_check timestamp with time zone,
  notes text not null default ''::text,
  tags text[] not null default '{}'::text[],
  metadata jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint licenses_pkey PRIMARY KEY (id),
  constraint licenses_activations_in_use_range CHECK ((activations_in_use >= 0)),
  constraint licenses_after_expiry_known CHECK ((after_expiry = ANY (ARRAY['refuse'::text, 'entitled_versions'::text, 'allow'::text]))),
  constraint licenses_anchor_day_beyond_month CHECK (((anchor_day IS NULL) OR ((valid_until IS NOT NULL) AND (anchor_day <= 31) AND ((anchor_day)::numeric > EXTRACT(day FROM (valid_until + 1))) AND (EXTRACT(day FROM (valid_until + 2)) = (1)::numeric)))),
  constraint licenses_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint licenses_disable_reason_form CHECK (((((length(disable_reason) >= 1) AND (length(disable_reason) <= 500)) AND (disable_at IS NOT NULL)) OR (disable_reason IS NULL))),
  constraint licenses_disabled_reason_form CHECK (((((length(disabled_reason) >= 1) AND (length(disabled_reason) <= 500)) AND (NOT is_active)) OR (disabled_reason IS NULL))),
  constraint licenses_duration_form CHECK ((duration ~ '^P([1-9][0-9]{0,3}[DM]|[1-9][0-9]{0,2}Y)$'::text)),
  constraint licenses_expiry_basis_known CHECK ((expiry_basis = ANY (ARRAY['issue'::text, 'first_activation'::text, 'first_validation'::text, 'first_sign_in'::text]))),
  constraint licenses_grace_days_range CHECK (((grace_days >= 0) AND (grace_days <= 3650))),
  constraint licenses_key_digest_unique UNIQUE (key_digest),
  constraint licenses_key_length CHECK (((length(key) >= 6) AND (length(key) <= 255))),
  constraint licenses_machine_lease_form CHECK ((machine_lease ~ '^P([1-9][0-9]{0,3}D|T[1-9][0-9]{0,3}[HM])$'::text)),
  constraint licenses_machine_matching_known CHECK ((machine_matching = ANY (ARRAY['exact'::text, 'any'::text, 'two'::text, 'most'::text, 'all'::text]))),
  constraint licenses_machine_overage_range CHECK (((machine_overage >= 0) AND (machine_overage <= 1000))),
  constraint licenses_machine_replacement_known CHECK ((machine_replacement = ANY (ARRAY['refuse'::text, 'longest_idle'::text]))),
  constraint licenses_machine_uniqueness_known CHECK ((machine_uniqueness = ANY (ARRAY['license'::text, 'plan'::text, 'product'::text, 'customer'::text]))),
  constraint licenses_max_activations_range CHECK (((max_activations >= 0) AND (max_activations <= 1000000))),
  constraint licenses_max_new_machines_range CHECK (((max_new_machines >= 1) AND (max_new_machines <= 1000000))),
  constraint licenses_max_users_range CHECK (((max_users >= 0) AND (max_users <= 1000000))),
  constraint licenses_offline_days_range CHECK (((offline_days >= 0) AND (offline_days <= 3650))),
  constraint licenses_periods_from_range CHECK (((periods_from >= '1900-01-01'::date) AND (periods_from <= '9999-12-31'::date))),
  constraint licenses_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id),
  constraint licenses_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id),
  constraint licenses_renewal_basis_known CHECK ((renewal_basis = ANY (ARRAY['expiry'::text, 'now'::text, 'now_if_expired'::text]))),
  constraint licenses_replacement_idle_days_range CHECK (((replacement_idle_days >= 1) AND (replacement_idle_days <= 3650))),
  constraint licenses_seat_scope_known CHECK ((seat_scope = ANY (ARRAY['license'::text, 'machine'::text]))),
  constraint licenses_seat_ttl_range CHECK (((seat_ttl >= 30) AND (seat_ttl <= 86400))),
  constraint licenses_starts_with_known CHECK (((starts_with IS NULL) OR ((starts_with = ANY (ARRAY['first_activation'::text, 'first_validation'::text, 'first_sign_in'::text])) AND (valid_until IS NULL)))),
  constraint licenses_trial_per_known CHECK ((trial_per = ANY (ARRAY['none'::text, 'user'::text, 'machine'::text, 'customer'::text]))),
  constraint licenses_type_known CHECK ((type = ANY (ARRAY['perpetual'::text, 'subscription'::text, 'trial'::text]))),
  constraint licenses_updates_form CHECK ((updates ~ '^P([1-9][0-9]{0,3}[DM]|[1-9][0-9]{0,2}Y)$'::text)),
  constraint licenses_updates_until_range CHECK (((updates_until >= '1900-01-01'::date) AND (updates_until <= '9999-12-31'::date))),
  constraint licenses_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
  constraint licenses_valid_from_range CHECK (((valid_from >= '1900-01-01'::date) AND (valid_from <= '9999-12-31'::date))),
  constraint licenses_valid_until_after_valid_from CHECK ((valid_until >= valid_from)),
  constraint licenses_valid_until_range CHECK (((valid_until >= '1900-01-01'::date) AND (valid_until <= '9999-12-31'::date))),
  constraint licenses_versions_length CHECK (((length(versions) >= 1) AND (length(versions) <= 255)))
) with (fillfactor=90);
CREATE INDEX licenses_by_creation ON public.licenses USING btree (((id / 4096)), created_at);
CREATE INDEX licenses_by_customer ON public.licenses USING btree (customer_id);
CREATE INDEX licenses_by_entitlement ON public.licenses USING gin (entitlements) WHERE (entitlements <> '{}'::jsonb);
CREATE INDEX licenses_by_key_and_id ON public.licenses USING btree (key, id) WHERE (deleted_at IS NULL);
CREATE INDEX licenses_by_key_start ON public.licenses USING btree (lower(key) text_pattern_ops) WHERE (deleted_at IS NULL);
CREATE INDEX licenses_by_metadata ON public.licenses USING gin (metadata jsonb_path_ops) WHERE (metadata <> '{}'::jsonb);
CREATE INDEX licenses_by_next_expiry_notice ON public.licenses USING btree (next_expiry_notice_on) WHERE ((deleted_at IS NULL) AND (next_expiry_notice_on IS NOT NULL));
CREATE INDEX licenses_by_next_lease_check ON public.licenses USING btree (next_lease_check) WHERE ((deleted_at IS NULL) AND (next_lease_check IS NOT NULL));
CREATE INDEX licenses_by_plan ON public.licenses USING btree (plan_id, id DESC) WHERE (plan_id IS NOT NULL);
CREATE INDEX licenses_by_product ON public.licenses USING btree (product_id, id DESC);
CREATE INDEX licenses_by_scheduled_change ON public.licenses USING btree (LEAST(disable_at, enable_at)) WHERE ((deleted_at IS NULL) AND (LEAST(disable_at, enable_at) IS NOT NULL));
CREATE INDEX licenses_by_tag ON public.licenses USING gin (tags) WHERE (tags <> '{}'::text[]);
CREATE INDEX licenses_by_type ON public.licenses USING btree (type, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX licenses_by_update ON public.licenses USING btree (updated_at, id) WHERE (deleted_at IS NULL);
CREATE INDEX licenses_by_user ON public.licenses USING btree (user_id) WHERE (user_id IS NOT NULL);
CREATE INDEX licenses_by_valid_from ON public.licenses USING btree (valid_from) WHERE (deleted_at IS NULL);
CREATE INDEX licenses_by_valid_until ON public.licenses USING btree (valid_until) WHERE ((deleted_at IS NULL) AND (valid_until IS NOT NULL));
CREATE INDEX licenses_by_valid_until_or_never ON public.licenses USING btree (COALESCE(valid_until, 'infinity'::date), id) WHERE (deleted_at IS NULL);
CREATE INDEX licenses_deleted ON public.licenses USING btree (id) WHERE (deleted_at IS NOT NULL);
CREATE INDEX licenses_disabled ON public.licenses USING btree (id) WHERE ((NOT is_active) AND (deleted_at IS NULL));
CREATE INDEX licenses_in_grace ON public.licenses USING gist (daterange(valid_until, (valid_until + grace_days), '(]'::text)) WHERE ((grace_days > 0) AND (valid_until IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX licenses_metadata_search ON public.licenses USING gin (metadata_text(metadata) gin_trgm_ops) WHERE (metadata <> '{}'::jsonb);
CREATE INDEX licenses_metered ON public.licenses USING btree (customer_id, id DESC) WHERE ((meters <> '{}'::jsonb) AND (deleted_at IS NULL));
CREATE INDEX licenses_search ON public.licenses USING gin (key gin_trgm_ops) WHERE (deleted_at IS NULL);
CREATE TRIGGER notify_license_change AFTER DELETE OR UPDATE OF is_active, valid_from, valid_until, grace_days, after_expiry, updates_until, versions, max_users, plan_id, product_id, customer_id, entitlements, metadata, machine_matching, machine_lease, deleted_at ON public.licenses FOR EACH ROW EXECUTE FUNCTION notify_change('license', 'id');
CREATE TRIGGER set_first_expiry_notice BEFORE INSERT ON public.licenses FOR EACH ROW EXECUTE FUNCTION set_next_expiry_notice();
CREATE TRIGGER set_first_lease_check BEFORE INSERT ON public.licenses FOR EACH ROW WHEN (((new.machine_lease IS NOT NULL) AND (new.activations_in_use > 0))) EXECUTE FUNCTION set_next_lease_check();
CREATE TRIGGER set_next_expiry_notice BEFORE UPDATE OF valid_until, grace_days ON public.licenses FOR EACH ROW WHEN (((old.valid_until IS DISTINCT FROM new.valid_until) OR (old.grace_days IS DISTINCT FROM new.grace_days))) EXECUTE FUNCTION set_next_expiry_notice();
CREATE TRIGGER set_next_lease_check BEFORE UPDATE OF machine_lease, activations_in_use ON public.licenses FOR EACH ROW WHEN (((old.machine_lease IS DISTINCT FROM new.machine_lease) OR ((new.machine_lease IS NOT NULL) AND ((new.next_lease_check IS NULL) <> (new.activations_in_use = 0))))) EXECUTE FUNCTION set_next_lease_check();

create table mail_subscriptions (
  email text not null,
  token uuid not null default gen_random_uuid(),
  unsubscribed text[] not null default '{}'::text[],
  created_at timestamp with time zone not null,
  constraint mail_subscriptions_pkey PRIMARY KEY (email),
  constraint mail_subscriptions_email_form CHECK (((email ~ '^[^@\s]+@[^@\s]+$'::text) AND (length(email) <= 254))),
  constraint mail_subscriptions_token_unique UNIQUE (token)
);

create table mail_templates (
  kind text not null,
  subject text not null,
  body text not null,
  updated_at timestamp with time zone not null,
  constraint mail_templates_pkey PRIMARY KEY (kind),
  constraint mail_templates_body_length CHECK (((length(body) >= 1) AND (length(body) <= 10000))),
  constraint mail_templates_subject_length CHECK (((length(subject) >= 1) AND (length(subject) <= 200)))
);

create table mails (
  id bigint generated always as identity not null,
  kind text not null,
  recipient text not null,
  subject text not null,
  body bytea,
  event_uid uuid,
  license_ids bigint[],
  customer_id bigint,
  user_id bigint,
  invitation_id bigint,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone not null,
  last_error text,
  sent_at timestamp with time zone,
  failed_at timestamp with time zone,
  is_cancelled boolean not null default false,
  traceparent text,
  constraint mails_pkey PRIMARY KEY (id),
  constraint mails_event_uid_unique UNIQUE (event_uid),
  constraint mails_is_cancelled_only_failed CHECK (((NOT is_cancelled) OR (failed_at IS NOT NULL))),
  constraint mails_kind_form CHECK (((kind ~ '^[a-zA-Z]+$'::text) AND (length(kind) <= 63))),
  constraint mails_recipient_form CHECK (((recipient ~ '^[^@\s]+@[^@\s]+$'::text) AND (length(recipient) <= 254))),
  constraint mails_sent_at_or_failed_at CHECK (((sent_at IS NULL) OR (failed_at IS NULL))),
  constraint mails_subject_length CHECK (((length(subject) >= 1) AND (length(subject) <= 255))),
  constraint mails_traceparent_length CHECK ((length(traceparent) = 55))
);
CREATE INDEX mails_by_customer ON public.mails USING btree (customer_id, id DESC) WHERE (customer_id IS NOT NULL);
CREATE INDEX mails_by_invitation ON public.mails USING btree (invitation_id, id DESC) WHERE (invitation_id IS NOT NULL);
CREATE INDEX mails_by_license ON public.mails USING gin (license_ids) WHERE (license_ids IS NOT NULL);
CREATE INDEX mails_by_recipient ON public.mails USING btree (lower(recipient), id DESC);
CREATE INDEX mails_by_user ON public.mails USING btree (user_id, id DESC) WHERE (user_id IS NOT NULL);
CREATE INDEX mails_failed ON public.mails USING btree (failed_at) WHERE ((failed_at IS NOT NULL) AND (NOT is_cancelled));
CREATE INDEX mails_waiting ON public.mails USING btree (((event_uid IS NOT NULL)), next_attempt_at) WHERE ((sent_at IS NULL) AND (failed_at IS NULL));

create table meter_reservations (
  id uuid not null,
  license_id bigint not null,
  meter text not null,
  period text not null,
  starts_on date not null,
  amount bigint not null,
  state text not null default 'open'::text,
  reserved_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint meter_reservations_pkey PRIMARY KEY (id),
  constraint meter_reservations_amount_range CHECK ((amount >= 1)),
  constraint meter_reservations_state_known CHECK ((state = ANY (ARRAY['open'::text, 'committed'::text, 'released'::text, 'lapsed'::text]))),
  constraint meter_reservations_usage_fkey FOREIGN KEY (license_id, meter, period, starts_on) REFERENCES meter_usage(license_id, meter, period, starts_on)
);
CREATE INDEX meter_reservations_by_expiry ON public.meter_reservations USING btree (expires_at);
CREATE INDEX meter_reservations_open ON public.meter_reservations USING btree (license_id, meter, period, starts_on, expires_at) WHERE (state = 'open'::text);

create table meter_usage (
  license_id bigint not null,
  meter text not null,
  period text not null,
  starts_on date not null,
  ends_on date,
  max_units bigint not null,
  used bigint not null default 0,
  reserved bigint not null default 0,
  first_expiry timestamp with time zone,
  told_units bigint not null default 0,
  level smallint not null generated always as (
CASE
    WHEN (used > max_units) THEN 101
    WHEN (used = 0) THEN 0
    WHEN (used = max_units) THEN 100
    WHEN ((used * 5) >= (max_units * 4)) THEN 80
    ELSE 0
END) stored,
  updated_at timestamp with time zone not null,
  constraint meter_usage_pkey PRIMARY KEY (license_id, meter, period, starts_on),
  constraint meter_usage_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id),
  constraint meter_usage_max_units_range CHECK ((max_units >= 0)),
  constraint meter_usage_meter_length CHECK (((length(meter) >= 1) AND (length(meter) <= 63))),
  constraint meter_usage_period_known CHECK ((period = ANY (ARRAY['day'::text, 'month'::text, 'license'::text, 'forever'::text]))),
  constraint meter_usage_reserved_range CHECK (((reserved >= 0) AND (reserved <= '9007199254740991'::bigint))),
  constraint meter_usage_used_range CHECK (((used >= 0) AND (used <= '9007199254740991'::bigint)))
) with (fillfactor=80);
CREATE INDEX meter_usage_by_first_expiry ON public.meter_usage USING btree (first_expiry) WHERE (first_expiry IS NOT NULL);
CREATE INDEX meter_usage_by_level ON public.meter_usage USING btree (level, COALESCE(ends_on, 'infinity'::date), license_id) WHERE (level > 0);

create table migrations (
  name text not null,
  hash text not null,
  requires text,
  applied_at timestamp with time zone not null default now(),
  constraint migrations_pkey PRIMARY KEY (name)
);

create table milestones (
  name text not null,
  reached_at timestamp with time zone not null,
  constraint milestones_pkey PRIMARY KEY (name),
  constraint milestones_name_known CHECK ((name = 'verification'::text))
);

create table notification_reads (
  notification_id bigint not null,
  administrator_id bigint not null,
  revision bigint not null,
  constraint notification_reads_pkey PRIMARY KEY (notification_id, administrator_id),
  constraint notification_reads_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id),
  constraint notification_reads_notification_id_fkey FOREIGN KEY (notification_id) REFERENCES notifications(id) ON DELETE CASCADE
);

create table notification_settings (
  administrator_id bigint not null,
  kind text not null,
  is_shown boolean,
  is_mailed boolean,
  constraint notification_settings_pkey PRIMARY KEY (administrator_id, kind),
  constraint notification_settings_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id)
);

create table notifications (
  id bigint generated always as identity not null,
  kind text not null,
  subject text not null,
  administrator_id bigint,
  severity text not null,
  subject_id bigint not null,
  facts jsonb not null,
  count integer not null default 1,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  revision bigint not null default 1,
  constraint notifications_pkey PRIMARY KEY (id),
  constraint notifications_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id),
  constraint notifications_severity_known CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text]))),
  constraint notifications_subject_length CHECK (((length(subject) >= 1) AND (length(subject) <= 500))),
  constraint notifications_subject_unique UNIQUE NULLS NOT DISTINCT (kind, subject, administrator_id)
);
CREATE INDEX notifications_by_time ON public.notifications USING btree (last_at DESC, id DESC);

create table outages (
  id bigint generated always as identity not null,
  began_at timestamp with time zone not null,
  ended_at timestamp with time zone not null,
  constraint outages_pkey PRIMARY KEY (id),
  constraint outages_ended_at_after_begin CHECK ((ended_at > began_at))
);

create table plans (
  id bigint generated always as identity not null,
  product_id bigint not null,
  code text not null,
  name text not null,
  license_type text not null,
  duration text,
  max_activations integer not null,
  max_users integer not null,
  expiry_basis text not null default 'issue'::text,
  renewal_basis text not null default 'expiry'::text,
  grace_days integer not null default 0,
  after_expiry text not null default 'refuse'::text,
  updates text,
  versions text,
  machine_overage integer default 0,
  machine_lease text,
  machine_replacement text not null default 'refuse'::text,
  replacement_idle_days integer not null default 30,
  max_new_machines integer,
  machine_matching text not null default 'exact'::text,
  machine_uniqueness text not null default 'license'::text,
  seat_scope text not null default 'license'::text,
  seat_ttl integer not null default 300,
  seat_queue boolean not null default false,
  offline_days integer not null default 0,
  offline_borrowing boolean not null default false,
  entitlements jsonb not null default '{}'::jsonb,
  meters jsonb not null default '{}'::jsonb,
  trial_per text not null default 'none'::text,
  features text[] not null default '{}'::text[],
  metadata jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint plans_pkey PRIMARY KEY (id),
  constraint plans_after_expiry_known CHECK ((after_expiry = ANY (ARRAY['refuse'::text, 'entitled_versions'::text, 'allow'::text]))),
  constraint plans_code_form CHECK ((code ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text)),
  constraint plans_code_unique UNIQUE (product_id, code),
  constraint plans_duration_form CHECK ((duration ~ '^P([1-9][0-9]{0,3}[DM]|[1-9][0-9]{0,2}Y)$'::text)),
  constraint plans_expiry_basis_known CHECK ((expiry_basis = ANY (ARRAY['issue'::text, 'first_activation'::text, 'first_validation'::text, 'first_sign_in'::text]))),
  constraint plans_grace_days_range CHECK (((grace_days >= 0) AND (grace_days <= 3650))),
  constraint plans_license_type_known CHECK ((license_type = ANY (ARRAY['perpetual'::text, 'subscription'::text, 'trial'::text]))),
  constraint plans_machine_lease_form CHECK ((machine_lease ~ '^P([1-9][0-9]{0,3}D|T[1-9][0-9]{0,3}[HM])$'::text)),
  constraint plans_machine_matching_known CHECK ((machine_matching = ANY (ARRAY['exact'::text, 'any'::text, 'two'::text, 'most'::text, 'all'::text]))),
  constraint plans_machine_overage_range CHECK (((machine_overage >= 0) AND (machine_overage <= 1000))),
  constraint plans_machine_replacement_known CHECK ((machine_replacement = ANY (ARRAY['refuse'::text, 'longest_idle'::text]))),
  constraint plans_machine_uniqueness_known CHECK ((machine_uniqueness = ANY (ARRAY['license'::text, 'plan'::text, 'product'::text, 'customer'::text]))),
  constraint plans_max_activations_range CHECK (((max_activations >= 0) AND (max_activations <= 1000000))),
  constraint plans_max_new_machines_range CHECK (((max_new_machines >= 1) AND (max_new_machines <= 1000000))),
  constraint plans_max_users_range CHECK (((max_users >= 0) AND (max_users <= 1000000))),
  constraint plans_offline_days_range CHECK (((offline_days >= 0) AND (offline_days <= 3650))),
  constraint plans_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id),
  constraint plans_renewal_basis_known CHECK ((renewal_basis = ANY (ARRAY['expiry'::text, 'now'::text, 'now_if_expired'::text]))),
  constraint plans_replacement_idle_days_range CHECK (((replacement_idle_days >= 1) AND (replacement_idle_days <= 3650))),
  constraint plans_seat_scope_known CHECK ((seat_scope = ANY (ARRAY['license'::text, 'machine'::text]))),
  constraint plans_seat_ttl_range CHECK (((seat_ttl >= 30) AND (seat_ttl <= 86400))),
  constraint plans_trial_per_known CHECK ((trial_per = ANY (ARRAY['none'::text, 'user'::text, 'machine'::text, 'customer'::text]))),
  constraint plans_updates_form CHECK ((updates ~ '^P([1-9][0-9]{0,3}[DM]|[1-9][0-9]{0,2}Y)$'::text)),
  constraint plans_versions_length CHECK (((length(versions) >= 1) AND (length(versions) <= 255)))
);

create table process_clocks (
  process_id uuid not null,
  kind text not null,
  machine text not null,
  difference_ms bigint not null,
  measured_at timestamp with time zone not null,
  constraint process_clocks_pkey PRIMARY KEY (process_id),
  constraint process_clocks_kind_known CHECK ((kind = ANY (ARRAY['server'::text, 'worker'::text])))
);

create table products (
  id bigint generated always as identity not null,
  code text not null,
  name text not null,
  metadata jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint products_pkey PRIMARY KEY (id),
  constraint products_code_form CHECK ((code ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text)),
  constraint products_code_unique UNIQUE (code),
  constraint products_name_present CHECK (((length(name) >= 1) AND (length(name) <= 255)))
);
CREATE TRIGGER notify_product_change AFTER INSERT OR DELETE OR UPDATE ON public.products FOR EACH ROW EXECUTE FUNCTION notify_change('product', 'id');

create table queue_counts (
  name text not null,
  waiting integer not null,
  active integer not null,
  delayed integer not null,
  failed integer not null,
  measured_at timestamp with time zone not null,
  constraint queue_counts_pkey PRIMARY KEY (name)
);

create table refused_heartbeats (
  activation_id bigint not null,
  minute timestamp with time zone not null,
  count integer not null,
  constraint refused_heartbeats_pkey PRIMARY KEY (activation_id, minute),
  constraint refused_heartbeats_activation_id_fkey FOREIGN KEY (activation_id) REFERENCES activations(id)
);
CREATE INDEX refused_heartbeats_by_minute ON public.refused_heartbeats USING btree (minute);

create table releases (
  id bigint generated always as identity not null,
  product_id bigint not null,
  version text not null,
  version_key text not null,
  channel text not null,
  release_date date not null,
  download_url text not null,
  release_notes text not null default ''::text,
  is_mandatory boolean not null default false,
  created_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint releases_pkey PRIMARY KEY (id),
  constraint releases_channel_known CHECK ((channel = ANY (ARRAY['stable'::text, 'beta'::text, 'alpha'::text]))),
  constraint releases_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id),
  constraint releases_release_date_range CHECK (((release_date >= '1900-01-01'::date) AND (release_date <= '9999-12-31'::date))),
  constraint releases_version_key_unique UNIQUE (product_id, version_key),
  constraint releases_version_length CHECK (((length(version) >= 1) AND (length(version) <= 64)))
);
CREATE TRIGGER notify_release_change AFTER INSERT OR DELETE OR UPDATE ON public.releases FOR EACH ROW EXECUTE FUNCTION notify_change('product', 'product_id');

create table removal_keys (
  id bigint generated always as identity not null,
  secret bytea not null,
  created_at timestamp with time zone not null,
  constraint removal_keys_pkey PRIMARY KEY (id)
);

create table resources (
  id bigint generated always as identity not null,
  type text not null,
  identifier text not null,
  license_id bigint,
  allocated_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint resources_pkey PRIMARY KEY (id),
  constraint resources_allocated_at_with_license_id CHECK (((license_id IS NULL) = (allocated_at IS NULL))),
  constraint resources_deleted_at_without_license_id CHECK (((deleted_at IS NULL) OR (license_id IS NULL))),
  constraint resources_identifier_length CHECK (((length(identifier) >= 1) AND (length(identifier) <= 255))),
  constraint resources_identifier_unique UNIQUE (type, identifier),
  constraint resources_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id),
  constraint resources_type_form CHECK ((type ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text))
);
CREATE INDEX resources_by_license ON public.resources USING btree (license_id) WHERE (license_id IS NOT NULL);
CREATE INDEX resources_free ON public.resources USING btree (type, id) WHERE ((license_id IS NULL) AND (deleted_at IS NULL));

create table seat_tickets (
  id uuid not null default gen_random_uuid(),
  number bigint generated always as identity not null,
  license_id bigint not null,
  activation_id bigint not null,
  queued_at timestamp with time zone not null,
  last_heartbeat timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint seat_tickets_pkey PRIMARY KEY (id),
  constraint seat_tickets_activation_id_fkey FOREIGN KEY (activation_id) REFERENCES activations(id),
  constraint seat_tickets_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id)
);
CREATE INDEX seat_tickets_by_activation ON public.seat_tickets USING btree (activation_id);
CREATE INDEX seat_tickets_by_license ON public.seat_tickets USING btree (license_id, number);

create table seats (
  id uuid not null default gen_random_uuid(),
  number bigint generated always as identity not null,
  license_id bigint not null,
  activation_id bigint not null,
  started_at timestamp with time zone not null,
  last_heartbeat timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint seats_pkey PRIMARY KEY (id),
  constraint seats_activation_id_fkey FOREIGN KEY (activation_id) REFERENCES activations(id),
  constraint seats_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id)
);
CREATE INDEX seats_by_activation ON public.seats USING btree (activation_id);
CREATE INDEX seats_by_expiry ON public.seats USING btree (expires_at);
CREATE INDEX seats_by_license ON public.seats USING btree (license_id, expires_at);

create table sessions (
  id bigint generated always as identity not null,
  user_id bigint not null,
  sign_in_id uuid not null,
  token_hash bytea not null,
  device_id text,
  state_hash text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  replaced_at timestamp with time zone,
  successor bytea,
  revoked_at timestamp with time zone,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_device_id_length CHECK (((length(device_id) >= 1) AND (length(device_id) <= 255))),
  constraint sessions_replaced_at_with_successor CHECK (((replaced_at IS NULL) = (successor IS NULL))),
  constraint sessions_state_hash_length CHECK ((length(state_hash) <= 255)),
  constraint sessions_token_hash_unique UNIQUE (token_hash),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
) with (fillfactor=80);
CREATE INDEX sessions_by_expiry ON public.sessions USING brin (expires_at);
CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id);
CREATE TRIGGER notify_session_change AFTER DELETE OR UPDATE OF revoked_at ON public.sessions FOR EACH ROW EXECUTE FUNCTION notify_change('user', 'user_id');

create table settings (
  name text not null,
  value jsonb not null,
  updated_at timestamp with time zone not null default now(),
  constraint settings_pkey PRIMARY KEY (name)
);
CREATE TRIGGER notify_settings_change AFTER INSERT OR DELETE OR UPDATE ON public.settings FOR EACH ROW EXECUTE FUNCTION notify_change('setting', 'name');

create table signing_key_products (
  key_id bigint not null,
  product_id bigint not null,
  signed_until timestamp with time zone not null,
  constraint signing_key_products_pkey PRIMARY KEY (key_id, product_id),
  constraint signing_key_products_key_id_fkey FOREIGN KEY (key_id) REFERENCES signing_keys(id),
  constraint signing_key_products_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id)
);

create table signing_keys (
  id bigint generated always as identity not null,
  product_id bigint,
  kid text not null,
  public_key jsonb not null,
  private_key bytea,
  created_at timestamp with time zone not null,
  is_announced boolean not null default false,
  retired_at timestamp with time zone,
  signed_until timestamp with time zone not null,
  constraint signing_keys_pkey PRIMARY KEY (id),
  constraint signing_keys_is_announced_unless_retired CHECK (((NOT is_announced) OR (retired_at IS NULL))),
  constraint signing_keys_kid_unique UNIQUE (kid),
  constraint signing_keys_private_key_until_retired CHECK (((private_key IS NULL) = (retired_at IS NOT NULL))),
  constraint signing_keys_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id)
);
CREATE UNIQUE INDEX signing_keys_current ON public.signing_keys USING btree (product_id) NULLS NOT DISTINCT WHERE ((retired_at IS NULL) AND (NOT is_announced));
CREATE UNIQUE INDEX signing_keys_next ON public.signing_keys USING btree (product_id) NULLS NOT DISTINCT WHERE is_announced;
CREATE TRIGGER notify_signing_key_change AFTER INSERT OR DELETE OR UPDATE OF retired_at, is_announced ON public.signing_keys FOR EACH ROW EXECUTE FUNCTION notify_change('signing_key', 'id');

create table statistics (
  span text not null,
  measure text not null,
  starts_at timestamp with time zone not null,
  value bigint not null,
  constraint statistics_pkey PRIMARY KEY (measure, span, starts_at),
  constraint statistics_span_known CHECK ((span = ANY (ARRAY['hour'::text, 'day'::text])))
);
CREATE INDEX statistics_by_time ON public.statistics USING btree (span, starts_at);

create table trial_customers (
  product_id bigint not null,
  customer_id bigint not null,
  constraint trial_customers_pkey PRIMARY KEY (product_id),
  constraint trial_customers_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint trial_customers_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id)
);

create table trials (
  id bigint generated always as identity not null,
  product_id bigint,
  user_id bigint,
  customer_id bigint,
  hardware_id text,
  license_id bigint,
  started_at timestamp with time zone not null,
  constraint trials_pkey PRIMARY KEY (id),
  constraint trials_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint trials_hardware_id_or_account CHECK ((num_nonnulls(user_id, customer_id, hardware_id) > 0)),
  constraint trials_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id),
  constraint trials_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id),
  constraint trials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE UNIQUE INDEX trials_of_customer ON public.trials USING btree (customer_id, product_id) NULLS NOT DISTINCT WHERE (customer_id IS NOT NULL);
CREATE UNIQUE INDEX trials_of_machine ON public.trials USING btree (hardware_id, product_id) NULLS NOT DISTINCT WHERE (hardware_id IS NOT NULL);
CREATE UNIQUE INDEX trials_of_user ON public.trials USING btree (user_id, product_id) NULLS NOT DISTINCT WHERE (user_id IS NOT NULL);

create table usage_crossings (
  license_id bigint not null,
  resource text not null,
  threshold integer not null,
  crossed_at timestamp with time zone not null,
  constraint usage_crossings_pkey PRIMARY KEY (license_id, resource, threshold),
  constraint usage_crossings_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id),
  constraint usage_crossings_resource_known CHECK ((resource = ANY (ARRAY['activations'::text, 'seats'::text])))
);
CREATE INDEX usage_crossings_over_limit ON public.usage_crossings USING btree (license_id) WHERE ((resource = 'activations'::text) AND (threshold = 101));

create table users (
  id bigint generated always as identity not null,
  email text not null,
  name text not null,
  password_hash text,
  notes text not null default ''::text,
  tags text[] not null default '{}'::text[],
  metadata jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  disabled_at timestamp with time zone,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_email_form CHECK (((email ~ '^[^@\s]+@[^@\s]+$'::text) AND (length(email) <= 254))),
  constraint users_email_unique UNIQUE (email),
  constraint users_name_present CHECK (((length(name) >= 1) AND (length(name) <= 255)))
);
CREATE INDEX users_by_metadata ON public.users USING gin (metadata jsonb_path_ops) WHERE (metadata <> '{}'::jsonb);
CREATE INDEX users_by_tag ON public.users USING gin (tags) WHERE (tags <> '{}'::text[]);
CREATE INDEX users_metadata_search ON public.users USING gin (metadata_text(metadata) gin_trgm_ops) WHERE (metadata <> '{}'::jsonb);
CREATE INDEX users_search ON public.users USING gin (name gin_trgm_ops, email gin_trgm_ops);
CREATE TRIGGER notify_user_change AFTER DELETE OR UPDATE OF disabled_at, email, name ON public.users FOR EACH ROW EXECUTE FUNCTION notify_change('user', 'id');

create table webhook_attempts (
  id bigint generated always as identity not null,
  delivery_id bigint not null,
  attempted_at timestamp with time zone not null,
  milliseconds integer not null,
  status integer,
  error text,
  answer text,
  url text,
  headers jsonb,
  constraint webhook_attempts_pkey PRIMARY KEY (id),
  constraint webhook_attempts_answer_length CHECK ((octet_length(answer) <= 12288)),
  constraint webhook_attempts_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES webhook_deliveries(id) ON DELETE CASCADE,
  constraint webhook_attempts_status_or_error CHECK (((status IS NULL) = (error IS NOT NULL)))
);
CREATE INDEX webhook_attempts_by_delivery ON public.webhook_attempts USING btree (delivery_id, id);

create table webhook_deliveries (
  id bigint generated always as identity not null,
  webhook_id bigint not null,
  event_id bigint not null,
  due_at timestamp with time zone,
  tries integer not null default 0,
  delivered_at timestamp with time zone,
  last_outcome text,
  created_at timestamp with time zone not null,
  constraint webhook_deliveries_pkey PRIMARY KEY (id),
  constraint webhook_deliveries_event_id_fkey FOREIGN KEY (event_id) REFERENCES events(id),
  constraint webhook_deliveries_event_id_unique UNIQUE (webhook_id, event_id),
  constraint webhook_deliveries_tries_range CHECK ((tries >= 0)),
  constraint webhook_deliveries_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES webhooks(id)
);
CREATE INDEX webhook_deliveries_by_event ON public.webhook_deliveries USING btree (event_id);
CREATE INDEX webhook_deliveries_by_webhook ON public.webhook_deliveries USING btree (webhook_id, id DESC);
CREATE INDEX webhook_deliveries_due ON public.webhook_deliveries USING btree (webhook_id, due_at, id) WHERE (due_at IS NOT NULL);

create table webhook_states (
  webhook_id bigint not null,
  lease_token uuid,
  leased_until timestamp with time zone,
  unanswered integer not null default 0,
  resume_at timestamp with time zone,
  constraint webhook_states_pkey PRIMARY KEY (webhook_id),
  constraint webhook_states_lease_token_with_its_end CHECK (((lease_token IS NULL) = (leased_until IS NULL))),
  constraint webhook_states_unanswered_range CHECK ((unanswered >= 0)),
  constraint webhook_states_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES webhooks(id)
);

create table webhooks (
  id bigint generated always as identity not null,
  url text not null,
  description text not null default ''::text,
  format text not null default 'license_api'::text,
  event_types text[] not null,
  headers bytea not null,
  secret bytea not null,
  previous_secret bytea,
  previous_secret_until timestamp with time zone,
  is_active boolean not null default true,
  disabled_reason text,
  failing_since timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint webhooks_pkey PRIMARY KEY (id),
  constraint webhooks_description_length CHECK ((length(description) <= 255)),
  constraint webhooks_disabled_reason_known CHECK ((disabled_reason = ANY (ARRAY['person'::text, 'gone'::text, 'failing'::text]))),
  constraint webhooks_disabled_reason_present CHECK ((is_active = (disabled_reason IS NULL))),
  constraint webhooks_event_types_present CHECK (((cardinality(event_types) >= 1) AND (cardinality(event_types) <= 100))),
  constraint webhooks_format_length CHECK (((length(format) >= 1) AND (length(format) <= 63))),
  constraint webhooks_previous_secret_with_its_end CHECK (((previous_secret IS NULL) = (previous_secret_until IS NULL))),
  constraint webhooks_url_length CHECK (((length(url) >= 1) AND (length(url) <= 2000)))
);

CREATE OR REPLACE FUNCTION public.add_event_partition()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  last record;
begin
  select * into last from event_partitions order by number desc limit 1;
  execute format('alter table events detach partition %s', last.name);
  execute format(
    'alter table events attach partition %s for values from (%s) to (%s)',
    last.name, case when last.number = 0 then 'minvalue' else last.first_id::text end,
    (last.number + 1) * 100000000000
  );
  perform create_event_partition(last.number + 1);
end $function$;

CREATE OR REPLACE FUNCTION public.begin_event_partition(min_events bigint DEFAULT 1000000)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET lock_timeout TO '100ms'
AS $function$
declare
  sequence constant regclass := pg_get_serial_sequence('events', 'id');
  current record;
  next record;
begin
  for attempt in 1..2 loop
    select p.* into current
    from event_partitions p, pg_sequence_last_value(sequence) as last_id
    where p.first_id <= last_id
    order by p.number desc
    limit 1;
    select * into next from event_partitions where number > current.number;
    if next is null or pg_sequence_last_value(sequence) - current.first_id < min_events then
      return false;
    end if;
    if date_trunc('month', now(), 'UTC') <= (
      select date_trunc('month', e.occurred_at, 'UTC')
      from events e
      where e.id >= current.first_id
      order by e.id
      limit 1
    ) then
      return false;
    end if;
    -- Once more under the lock: another worker may have done it meanwhile.
    lock table webhook_deliveries in share row exclusive mode;
    lock table only events in access exclusive mode;
  end loop;
  perform add_event_partition();
  perform setval(sequence, next.first_id, false);
  return true;
exception when lock_not_available then
  return false;
end $function$;

CREATE OR REPLACE FUNCTION public.comparable(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(TRIM(BOTH FROM regexp_replace(NORMALIZE(regexp_replace(value, '[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]'::text, ''::text, 'g'::text), NFKC), '\s+'::text, ' '::text, 'g'::text)));

CREATE OR REPLACE FUNCTION public.create_event_partition(number bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  first_id constant text := case number when 0 then 'minvalue' else (number * 100000000000)::text end;
begin
  execute format('create table events_%s partition of events for values from (%s) to (maxvalue)', number, first_id);
  execute format(
    'create trigger events_are_append_only before update or delete or truncate on events_%s '
    'for each statement execute function events_are_append_only()',
    number
  );
end $function$;

CREATE OR REPLACE FUNCTION public.drop_event_partition(older_than timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET lock_timeout TO '100ms'
AS $function$
declare
  oldest record;
  old constant timestamptz := least(older_than, now() - interval '30 days');
  young boolean;
  dropped bigint;
begin
  select p.* into oldest
  from event_partitions p
  where p.end_id <= pg_sequence_last_value(pg_get_serial_sequence('events', 'id'))
  order by p.number
  limit 1;
  if oldest is null or exists (
    select from webhook_deliveries d where d.event_id >= oldest.first_id and d.event_id < oldest.end_id
  ) then
    return 0;
  end if;
  -- The youngest event is nearly always the last one.
  execute format(
    'select exists (select from (select occurred_at from %1$s order by id desc limit 1) as last where occurred_at >= $1) '
    'or exists (select from %1$s where occurred_at >= $1) '
    'or exists (select from %1$s e join event_readers r on (e.transaction_id, e.id) > (r.transaction_id, r.event_id) '
    'and e.id > r.restored_up_to)',
    oldest.name
  ) into young using old;
  if young then
    return 0;
  end if;
  select greatest(reltuples, 0)::bigint into dropped from pg_class where oid = oldest.name;
  lock table webhook_deliveries in share row exclusive mode;
  lock table only events in access exclusive mode;
  execute format('alter table events detach partition %s', oldest.name);
  execute format('drop table %s', oldest.name);
  return dropped;
exception when lock_not_available then
  return 0;
end $function$;

CREATE OR REPLACE FUNCTION public.erase_event_facts(customers bigint[], users bigint[], licenses bigint[], leads bigint[], contacts bigint[], fields text[])
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  changed bigint;
begin
  perform set_config('latchkey.erasing', pg_current_xact_id()::text, true);
  update events
  set
    actor_name = case when actor_kind = 'user' and actor_id = any (users) then 'erased' else actor_name end,
    before = without_personal_facts(before, fields),
    after = without_personal_facts(after, fields)
  where customer_id = any (customers)
    or license_id = any (licenses)
    or subject_kind = 'customer' and subject_id = any (customers)
    or subject_kind = 'user' and subject_id = any (users)
    or actor_kind = 'user' and actor_id = any (users)
    or subject_kind = 'lead' and subject_id = any (leads)
    or subject_kind = 'contact' and subject_id = any (contacts);
  get diagnostics changed = row_count;
  perform set_config('latchkey.erasing', '', true);
  return changed;
end $function$;

CREATE OR REPLACE FUNCTION public.events_are_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' and current_setting('latchkey.pruning', true) = pg_current_xact_id()::text then
    return null;
  end if;
  if tg_op = 'UPDATE' and current_setting('latchkey.erasing', true) = pg_current_xact_id()::text then
    return null;
  end if;
  raise exception 'events are append-only' using errcode = 'restrict_violation';
end $function$;

CREATE OR REPLACE FUNCTION public.first_id_since(of_table regclass, time_column name, since timestamp with time zone, near bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE STRICT
 SET enable_indexscan TO 'off'
 SET enable_indexonlyscan TO 'off'
 SET enable_seqscan TO 'off'
 SET max_parallel_workers_per_gather TO '0'
AS $function$
declare
  first bigint;
begin
  execute format(
    'select coalesce(min(id), $2) from %s where %I >= $1 and id < $2 and id / 4096 <= $2 / 4096', of_table, time_column
  ) into first using since, near;
  return first;
end $function$;

CREATE OR REPLACE FUNCTION public.first_period_end(first_day date, period text)
 RETURNS date
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
begin
  return period_end(first_day, null, period);
exception when datetime_field_overflow then
  return '9999-12-31';
end $function$;

CREATE OR REPLACE FUNCTION public.id_at(of_table regclass, time_column name, moment timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE STRICT
AS $function$
declare
  low bigint := 0;
  high bigint;
  middle_id bigint;
  middle_time timestamptz;
  first_from constant text :=
    format('select id, %I from %s where id >= $1 order by id limit 1', time_column, of_table);
begin
  execute format('select coalesce(max(id) + 1, 0) from %s', of_table) into high;
  while low < high loop
    execute first_from into middle_id, middle_time using (low + high) / 2;
    if middle_time < moment then
      low := middle_id + 1;
    else
      high := (low + high) / 2;
    end if;
  end loop;
  return low;
end $function$;

CREATE OR REPLACE FUNCTION public.joined(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN replace(lower(value), '-'::text, 'q'::text);

CREATE OR REPLACE FUNCTION public.last_id_before(of_table regclass, time_column name, until timestamp with time zone, near bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE STRICT
 SET enable_indexscan TO 'off'
 SET enable_indexonlyscan TO 'off'
 SET enable_seqscan TO 'off'
 SET max_parallel_workers_per_gather TO '0'
AS $function$
declare
  last bigint;
begin
  execute format(
    'select coalesce(max(id), $2 - 1) from %s where %I < $1 and id >= $2 and id / 4096 >= $2 / 4096', of_table, time_column
  ) into last using until, near;
  return last;
end $function$;

CREATE OR REPLACE FUNCTION public.lease_length(lease text)
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE STRICT
RETURN make_interval(secs => (EXTRACT(epoch FROM (lease)::interval))::double precision);

CREATE OR REPLACE FUNCTION public.metadata_text(metadata jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (SELECT string_agg((entry.value ->> 'value'::text), chr(10) ORDER BY entry.key) AS string_agg FROM jsonb_each(metadata_text.metadata) entry(key, value));

CREATE OR REPLACE FUNCTION public.meter_period(period text, day date, first_day date, duration text, OUT starts_on date, OUT ends_on date)
 RETURNS record
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
declare
  length integer;
  number integer;
begin
  if period = 'day' then
    starts_on := day;
    ends_on := day;
  elsif period = 'month' then
    starts_on := day - extract(day from day)::integer + 1;
    ends_on := (starts_on + interval '1 month')::date - 1;
  elsif period = 'forever' then
    starts_on := '1900-01-01';
  elsif duration is null then
    starts_on := first_day;
  elsif duration like '%D' then
    length := substring(duration from '\d+')::integer;
    number := greatest(0, (day - first_day) / length);
    starts_on := first_day + number * length;
    ends_on := least(starts_on + length, '9999-12-31'::date + 1) - 1;
  else
    length := substring(duration from '\d+')::integer * case when duration like '%Y' then 12 else 1 end;
    number := greatest(0, (
      (extract(year from day) - extract(year from first_day)) * 12 + extract(month from day) - extract(month from first_day)
    )::integer / length);
    starts_on := first_day + make_interval(months => number * length);
    -- The month of the day is that of the next period's first day, which is later in the month.
    if starts_on > day and number > 0 then
      number := number - 1;
      starts_on := first_day + make_interval(months => number * length);
    end if;
    ends_on := least(
      (first_day + make_interval(months => (number + 1) * length))::date, '9999-12-31'::date + 1
    ) - 1;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.next_expiry_notice(valid_until date, grace_days integer, notified_on date)
 RETURNS date
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(min(day), valid_until + grace_days + 1)
  from unnest(
    array[valid_until - 30, valid_until - 7, valid_until - 1, valid_until + 1, valid_until + grace_days + 1]
  ) as day
  where day > notified_on and valid_until is not null
$function$;

CREATE OR REPLACE FUNCTION public.notify_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into changes (tag)
  values (tg_argv[0] || ':' || (to_jsonb(coalesce(old, new)) ->> tg_argv[1]));
  if tg_nargs = 2 then
    perform pg_notify('changes', 'change');
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.notify_events()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('changes', 'events');
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.period_anchor(first_day date, anchor_day integer, period text, last_day date)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select wanted
  from (select coalesce(anchor_day, extract(day from first_day)::integer) as wanted) as anchor
  where period not like '%D' and wanted > extract(day from last_day + 1)
$function$;

CREATE OR REPLACE FUNCTION public.period_end(first_day date, anchor_day integer, period text)
 RETURNS date
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
declare
  wanted      integer := coalesce(anchor_day, extract(day from first_day));
  month_start date;
  next_day    date;
begin
  if period like '%D' then
    next_day := first_day + period::interval;
  else
    month_start := first_day - extract(day from first_day)::integer + 1 + period::interval;
    next_day := least(month_start + wanted, (month_start + interval '1 month')::date) - 1;
  end if;
  if next_day > '9999-12-31'::date + 1 then
    raise exception 'the period would end after 9999-12-31' 
      using errcode = 'datetime_field_overflow', constraint = 'period_end';
  end if;
  return next_day - 1;
end $function$;

CREATE OR REPLACE FUNCTION public.prune_events(older_than timestamp with time zone, max_rows integer, large bigint DEFAULT 1000000)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  last_id constant bigint := pg_sequence_last_value(pg_get_serial_sequence('events', 'id'));
  old constant timestamptz := least(older_than, now() - interval '30 days');
  waiting_from bigint;
  pruned bigint;
begin
  select min(p.first_id) into waiting_from
  from event_partitions p
  where p.first_id <= last_id
    and (p.end_id <= last_id or last_id - p.first_id >= large)
    and old - interval '31 days' < (
      select e.occurred_at
      from events e
      where e.id >= p.first_id
      order by e.id
      limit 1
    );
  perform set_config('latchkey.pruning', pg_current_xact_id()::text, true);
  with found as (
    select e.id
    from events e
    where e.occurred_at < old
      and (waiting_from is null or e.id < waiting_from)
      and not exists (
        select from event_readers r
        where (e.transaction_id, e.id) > (r.transaction_id, r.event_id) and e.id > r.restored_up_to
      )
      and not exists (select from webhook_deliveries d where d.event_id = e.id)
    order by e.id
    limit max_rows
  )
  delete from events e using found where e.id = found.id;
  get diagnostics pruned = row_count;
  perform set_config('latchkey.pruning', '', true);
  return pruned;
end $function$;

CREATE OR REPLACE FUNCTION public.restore_event_partitions(first bigint, last bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  present record;
begin
  if exists (select from events) then
    raise exception 'there are events already' using errcode = 'restrict_violation';
  end if;
  for present in select * from event_partitions loop
    execute format('alter table events detach partition %s', present.name);
    execute format('drop table %s', present.name);
  end loop;
  perform create_event_partition(first);
  while first < last loop
    first := first + 1;
    perform add_event_partition();
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.set_next_expiry_notice()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  today date := (new.updated_at at time zone 'UTC')::date;
begin
  if tg_op = 'INSERT' or old.valid_until is distinct from new.valid_until
    or old.next_expiry_notice_on is not null or new.valid_until + new.grace_days >= today
  then
    new.next_expiry_notice_on := next_expiry_notice(new.valid_until, new.grace_days, today);
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.set_next_lease_check()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.next_lease_check := case
    when new.machine_lease is null or new.activations_in_use = 0 then null
    when tg_op = 'UPDATE' and old.machine_lease is not distinct from new.machine_lease
      then now() + lease_length(new.machine_lease)
    else now()
  end;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.without_personal_facts(facts jsonb, fields text[])
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when facts is null or facts = '{}' then facts
    else (
      select jsonb_object_agg(
        key,
        case
          when key <> all (fields) then value
          when jsonb_typeof(value) = 'string' then '"erased"'
          when jsonb_typeof(value) = 'array' then '[]'
          when jsonb_typeof(value) = 'object' then '{}'
          else value
        end
      )
      from jsonb_each(facts)
    )
  end
$function$;
