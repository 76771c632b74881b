// What the commands list, show, create and change over REST: one table, from which the commands are made.

/** A field of an object: how its option is called and its value is written. */
export interface Field {
  /** Its name in the API. */
  name: string;
  /** `customers`: an id, or what finds one of these. */
  kind: "text" | "number" | "list" | "json" | NounName;
  isRequired?: boolean;
  /** Its option, where that is not called as the field. */
  flag?: string;
  /** What is sent where the option is not given and the API requires a value. */
  otherwise?: unknown;
}

export interface Noun {
  one: string;
  path: string;
  /** Fields that name an object beside its id. */
  names: string[];
  /** Fields that a list shows. */
  columns: string[];
  filters: Field[];
  /** Fields of `create` and `update` with an option of their own; null: cannot be created. */
  create: Field[] | null;
  update: boolean;
  remove: boolean;
  exports: boolean;
  imports: string | null;
  /** Can be disabled and enabled. */
  toggles?: boolean;
  /** Its list has all rows in one answer. */
  isWhole?: boolean;
  /** A single one has no address. */
  isListOnly?: boolean;
}

export type NounName =
  | "licenses"
  | "customers"
  | "products"
  | "plans"
  | "releases"
  | "devices"
  | "users"
  | "leads"
  | "resources"
  | "webhooks"
  | "sessions"
  | "jobs"
  | "events"
  | "api-keys"
  | "administrators";

const text = (...names: string[]): Field[] => names.map((name) => ({ name, kind: "text" }));
const number = (...names: string[]): Field[] => names.map((name) => ({ name, kind: "number" }));
const of = (noun: NounName, name: string, isRequired = false): Field => ({ name, kind: noun, isRequired });
const required = (...names: string[]): Field[] =>
  names.map((name) => ({ name, kind: "text", isRequired: true }));
const tags: Field = { name: "tags", kind: "list" };
const metadata: Field = { name: "metadata", kind: "json" };

const readOnly = { create: null, update: false, remove: false, exports: true, imports: null };
const changeable = { update: true, remove: true, exports: true, imports: null };

export const nouns: Record<NounName, Noun> = {
  licenses: {
    ...changeable,
    one: "license",
    path: "/api/admin/licenses",
    names: ["key"],
    columns: [
      "id",
      "key",
      "state",
      "product_code",
      "plan_code",
      "customer_name",
      "valid_until",
      "activations_in_use",
    ],
    filters: [
      ...text("state", "type", "tag", "ends_from", "ends_by", "entitlement", "metadata"),
      of("customers", "customer_id"),
      of("products", "product_id"),
      of("plans", "plan_id"),
      of("users", "user_id"),
    ],
    create: [
      of("customers", "customer_id", true),
      of("products", "product_id", true),
      of("plans", "plan_id"),
      ...text("key", "type", "valid_from", "valid_until", "updates_until"),
      ...number("max_activations", "max_users"),
      ...text("notes"),
      tags,
      metadata,
    ],
    imports: "/api/admin/licenses/import",
  },
  customers: {
    ...changeable,
    one: "customer",
    path: "/api/admin/customers",
    names: ["email", "name"],
    columns: ["id", "name", "email", "licenses", "tags"],
    filters: [...text("tag", "metadata", "created_since", "created_until"), of("products", "product_id")],
    create: [...required("name"), ...text("email", "notes"), tags, metadata],
    imports: "/api/admin/customers/import",
  },
  products: {
    ...changeable,
    one: "product",
    path: "/api/admin/products",
    names: ["code", "name"],
    columns: ["id", "code", "name"],
    filters: [],
    create: [...required("code", "name"), metadata],
  },
  plans: {
    ...changeable,
    one: "plan",
    path: "/api/admin/plans",
    names: ["code", "name"],
    columns: ["id", "product_id", "code", "name", "license_type", "duration", "max_activations", "max_users"],
    filters: [of("products", "product_id")],
    create: [
      of("products", "product_id", true),
      ...required("code", "name", "license_type"),
      { name: "duration", kind: "text", otherwise: null },
      { name: "max_activations", kind: "number", isRequired: true },
      { name: "max_users", kind: "number", isRequired: true },
      { name: "features", kind: "list", otherwise: [] },
      metadata,
    ],
  },
  releases: {
    ...changeable,
    one: "release",
    path: "/api/admin/releases",
    names: ["version"],
    columns: ["id", "product_id", "version", "channel", "release_date", "is_mandatory"],
    filters: [of("products", "product_id")],
    create: [
      of("products", "product_id", true),
      ...required("version"),
      ...text("channel"),
      ...required("release_date", "download_url"),
      { name: "release_notes", kind: "text", otherwise: "" },
      { name: "is_mandatory", kind: "json", otherwise: false },
    ],
  },
  devices: {
    ...readOnly,
    one: "device",
    path: "/api/admin/devices",
    names: ["hardware_id", "machine_name"],
    columns: [
      "id",
      "license_key",
      "machine_name",
      "hardware_id",
      "app_version",
      "is_active",
      "last_heartbeat",
    ],
    filters: [
      of("licenses", "license_id"),
      of("customers", "customer_id"),
      of("products", "product_id"),
      ...text("app_version", "is_active"),
    ],
    imports: "/api/admin/devices/import",
  },
  users: {
    ...changeable,
    remove: false,
    toggles: true,
    one: "user",
    path: "/api/admin/users",
    names: ["email", "name"],
    columns: ["id", "email", "name", "licenses", "last_seen_at", "disabled_at"],
    filters: [...text("tag", "disabled"), of("customers", "customer_id")],
    create: [...required("email", "name"), ...text("notes"), tags, metadata],
  },
  leads: {
    ...changeable,
    one: "lead",
    path: "/api/admin/leads",
    names: ["name"],
    columns: ["id", "name", "type", "stage", "city", "country", "tags"],
    filters: text("type", "stage", "tag"),
    create: [...required("name"), ...text("type", "stage", "website", "city", "country", "notes"), tags],
    imports: "/leads/import",
  },
  resources: {
    ...changeable,
    one: "resource",
    path: "/api/admin/resources",
    names: ["identifier"],
    columns: ["id", "type", "identifier", "license_id"],
    filters: [...text("type", "status"), of("licenses", "license_id")],
    create: required("type", "identifier"),
  },
  webhooks: {
    ...changeable,
    exports: false,
    toggles: true,
    one: "webhook",
    path: "/api/admin/webhooks",
    names: ["url", "description"],
    columns: ["id", "url", "is_active", "disabled_reason", "waiting", "failed", "last_delivered_at"],
    filters: [],
    create: [
      { name: "url", kind: "text", flag: "endpoint", isRequired: true },
      ...text("description"),
      { name: "event_types", kind: "list", isRequired: true },
    ],
    isWhole: true,
  },
  sessions: {
    ...readOnly,
    exports: false,
    one: "session",
    path: "/api/admin/sessions",
    names: [],
    isListOnly: true,
    columns: ["id", "license_key", "machine_name", "customer_name", "started_at", "expires_at"],
    filters: [of("licenses", "license_id"), of("customers", "customer_id"), of("products", "product_id")],
  },
  jobs: {
    ...readOnly,
    exports: false,
    one: "job",
    path: "/api/admin/jobs",
    names: [],
    columns: ["id", "kind", "state", "done", "total", "administrator_name", "requested_at"],
    filters: text("state", "kind"),
  },
  events: {
    ...readOnly,
    one: "event",
    path: "/api/admin/events",
    names: [],
    isListOnly: true,
    columns: [
      "id",
      "occurred_at",
      "type",
      "subject_kind",
      "subject_id",
      "license_key",
      "customer_name",
      "actor_name",
    ],
    filters: [
      ...text("type", "since", "until"),
      of("licenses", "license_id"),
      of("customers", "customer_id"),
    ],
  },
  "api-keys": {
    ...readOnly,
    exports: false,
    one: "api-key",
    path: "/api/admin/api-keys",
    names: [],
    isListOnly: true,
    columns: ["id", "name", "prefix", "product_id", "last_used_at", "revoked_at"],
    filters: [],
    create: [...required("name"), of("products", "product_id")],
  },
  administrators: {
    ...readOnly,
    exports: false,
    one: "administrator",
    path: "/api/admin/administrators",
    names: ["email", "name"],
    columns: ["id", "email", "name", "role", "has_totp", "last_seen_at", "disabled_at"],
    filters: [],
    isWhole: true,
  },
};
