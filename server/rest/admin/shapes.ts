// What the nouns of administration look like on the wire.
import { z } from "zod";
import { day, time } from "./fields.ts";

const text = z.string();
const maybe = z.string().nullable();
const count = z.int();
const licenseType = z.enum(["perpetual", "subscription", "trial"]);
const times = { created_at: time, deleted_at: time.nullable() };

export const customer = z.object({
  id: count,
  name: text,
  email: maybe,
  licenses: count.optional().describe("In lists"),
  ...times,
  updated_at: time,
}).meta({ id: "Customer" });

export const product = z.object({ id: count, code: text, name: text, ...times }).meta({ id: "Product" });

export const plan = z.object({
  id: count,
  product_id: count,
  code: text,
  name: text,
  license_type: licenseType,
  duration: maybe.describe("P7D, P1M, P1Y; null is for ever"),
  max_activations: count,
  max_users: count,
  features: z.array(text),
  ...times,
}).meta({ id: "Plan" });

export const release = z.object({
  id: count,
  product_id: count,
  version: text,
  release_date: day,
  download_url: text,
  release_notes: text,
  is_mandatory: z.boolean(),
  ...times,
}).meta({ id: "Release" });

export const license = z.object({
  id: count,
  key: text,
  product_id: count,
  product_name: text,
  customer_id: count,
  customer_name: text,
  customer_email: maybe,
  plan_id: count.nullable(),
  plan_name: maybe,
  type: licenseType,
  state: z.enum(["active", "inactive", "not_yet_valid", "expired"]).describe("Today"),
  is_active: z.boolean().describe("Whether it is switched on"),
  valid_from: day,
  valid_until: day.nullable(),
  max_activations: count,
  max_users: count,
  activations_in_use: count,
  ...times,
  updated_at: time,
}).meta({ id: "License" });

export const device = z.object({
  id: count,
  license_id: count,
  license_key: text,
  customer_id: count,
  customer_name: text,
  hardware_id: text.describe("The machine's fingerprint"),
  machine_name: maybe,
  app_version: maybe,
  activated_at: time,
  last_heartbeat: time,
  is_active: z.boolean().describe("Whether it holds a place"),
  deactivated_at: time.nullable(),
}).meta({ id: "Device" });

export const seat = z.object({
  license_id: count,
  license_key: text,
  activation_id: count,
  machine_name: maybe,
  customer_id: count,
  customer_name: text,
  started_at: time,
  last_heartbeat: time,
  expires_at: time,
}).meta({ id: "Session" });

export const resource = z.object({
  id: count,
  type: text,
  identifier: text,
  license_id: count.nullable(),
  allocated_at: time.nullable(),
  ...times,
  updated_at: time,
}).meta({ id: "Resource" });

export const lead = z.object({
  id: count,
  name: text,
  type: text,
  stage: z.enum(["new", "contacted", "qualified", "proposal", "won", "lost"]),
  website: maybe,
  city: maybe,
  country: maybe,
  notes: text,
  customer_id: count.nullable().describe("The customer it became"),
  ...times,
  updated_at: time,
}).meta({ id: "Lead" });

export const event = z.object({
  id: count,
  uid: text,
  type: text,
  occurred_at: time,
  actor_kind: text,
  actor_id: count.nullable(),
  actor_name: maybe,
  request_id: maybe,
  subject_kind: text,
  subject_id: count,
  license_id: count.nullable(),
  customer_id: count.nullable(),
  activation_id: count.nullable(),
  before: z.record(text, z.unknown()).nullable(),
  after: z.record(text, z.unknown()).nullable(),
}).meta({ id: "Event" });

export const job = z.object({
  id: count,
  kind: text,
  state: z.enum(["waiting", "running", "done", "failed", "cancelled"]),
  done: count,
  total: count.nullable(),
  result: z.record(text, z.unknown()).nullable(),
  error: maybe,
  administrator_name: maybe,
  requested_at: time,
  started_at: time.nullable(),
  finished_at: time.nullable(),
}).meta({ id: "Job" });

export const apiKey = z.object({
  id: count,
  name: text,
  prefix: text.describe("The key's first characters"),
  product_id: count.nullable(),
  created_at: time,
  last_used_at: time.nullable(),
  revoked_at: time.nullable(),
  key: text.optional().describe("The key itself; only in the answer that made it"),
}).meta({ id: "ApiKey" });

export const administrator = z.object({
  id: count,
  email: text,
  name: text,
  role: z.enum(["viewer", "manager", "owner"]),
  has_totp: z.boolean(),
  passkeys: count,
  created_at: time,
  last_seen_at: time.nullable(),
  disabled_at: time.nullable(),
}).meta({ id: "Administrator" });
