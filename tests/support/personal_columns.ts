// Columns of text by what they say about customers, users and leads. A test of tests/rules compares them with the schema, and
// the test of erasures fills each personal one and finds it empty afterwards.

/** Erased on request. */
export const personalColumns: Record<string, string[]> = {
  activation_texts: ["machine_name", "hardware_id"],
  activations: ["hardware_id", "machine_name"],
  anomalies: ["subject", "facts", "note"],
  contacts: ["name", "email", "phone", "position"],
  customers: ["name", "email"],
  email_links: ["email", "name"],
  events: ["actor_name", "before", "after"],
  external_ids: ["external_id"],
  institutions: ["name", "website", "city", "country", "notes"],
  job_invalid_rows: ["cells", "errors"],
  lead_activities: ["text"],
  mails: ["recipient", "subject", "last_error"],
  sessions: ["device_id", "state_hash"],
  users: ["email", "name"],
  webhook_attempts: ["answer"],
};

/** Kept by an erasure, and why. */
export const keptColumns: Record<string, string> = {
  "idempotency_keys.caller": "24 hours",
  "idempotency_keys.key": "24 hours",
  "jobs.error": "`keepJobsFor`",
  "jobs.input": "`keepJobsFor`",
  "jobs.result": "`keepJobsFor`",
  "trials.hardware_id": "a machine gets one trial",
  "users.password_hash": "erased, and a hash",
};

/** Nothing about a person in these tables with personal data. */
export const impersonalColumns: Record<string, string[]> = {
  activations: ["app_version"],
  anomalies: ["kind", "resolved_by"],
  email_links: ["purpose", "traceparent"],
  events: ["type", "actor_kind", "subject_kind", "request_id", "traceparent"],
  external_ids: ["dialect", "kind"],
  institutions: ["type", "stage"],
  jobs: ["kind", "state", "traceparent"],
  lead_activities: ["kind", "author"],
  mails: ["traceparent"],
  webhook_attempts: ["error", "url", "headers"],
};

/** Tables about staff, the catalogue and operation. */
export const impersonalTables = [
  "administrator_challenges",
  "administrator_identities",
  "administrator_invitations",
  "administrator_passkeys",
  "administrator_password_links",
  "administrator_pending_sign_ins",
  "administrator_preferences",
  "administrator_provider_requests",
  "administrator_recovery_codes",
  "administrator_sessions",
  "administrator_setup_links",
  "administrators",
  "alerts",
  "api_keys",
  "change_history",
  "changes",
  "current_counts",
  "erasures",
  "event_readers",
  "heartbeat_counts",
  "job_chunks",
  "job_cursors",
  "job_licenses",
  "job_schedules",
  "licenses",
  "migrations",
  "milestones",
  "plans",
  "process_clocks",
  "products",
  "queue_counts",
  "refused_heartbeats",
  "releases",
  "resources",
  "seats",
  "settings",
  "signing_keys",
  "statistics",
  "usage_crossings",
  "webhook_deliveries",
  "webhook_states",
  "webhooks",
];
