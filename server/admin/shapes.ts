// What the nouns of administration look like on the wire.
import { z } from "zod";
import { day, time } from "./fields.ts";

const text = z.string();
const maybe = z.string().nullable();
const count = z.int();
const licenseType = z.enum(["perpetual", "subscription", "trial"]);
const times = {
  created_at: time,
  deleted_at: time.nullable().describe("When it was deleted"),
  restorable_until: time.nullable().optional().describe(
    "Until when it can be restored; where it is read or listed",
  ),
};

export const customer = z.object({
  id: count.describe("Its id"),
  name: text.describe("The name"),
  email: maybe.describe("The address"),
  licenses: count.optional().describe("In lists"),
  ...times,
  updated_at: time,
}).meta({ id: "Customer" });

export const product = z.object({
  id: count.describe("Its id"),
  code: text.describe("What programs call it"),
  name: text.describe("The name"),
  ...times,
}).meta({ id: "Product" });

export const plan = z.object({
  id: count.describe("Its id"),
  product_id: count.describe("The product's id"),
  code: text.describe("What programs call it"),
  name: text.describe("The name"),
  license_type: licenseType.describe("How it is sold"),
  duration: maybe.describe("P7D, P1M, P1Y; null is for ever"),
  max_activations: count.describe("On how many machines it may be activated"),
  max_users: count.describe("How many copies may run at once"),
  features: z.array(text).describe("What apps may offer"),
  ...times,
}).meta({ id: "Plan" });

export const release = z.object({
  id: count.describe("Its id"),
  product_id: count.describe("The product's id"),
  version: text.describe("A semantic version"),
  release_date: day,
  download_url: text.describe("Where to get it"),
  release_notes: text.describe("What is new in it"),
  is_mandatory: z.boolean().describe("Whether it has to be installed"),
  ...times,
}).meta({ id: "Release" });

export const license = z.object({
  id: count.describe("Its id"),
  key: text.describe("The key"),
  product_id: count.describe("The product's id"),
  product_name: text.describe("The product's name"),
  customer_id: count.describe("The customer's id"),
  customer_name: text.describe("The customer's name"),
  customer_email: maybe.describe("The customer's address"),
  user_id: count.nullable().describe("The user account it belongs to"),
  user_email: maybe.describe("That user's address"),
  plan_id: count.nullable().describe("The plan's id"),
  plan_name: maybe.describe("The plan's name"),
  type: licenseType.describe("The kind"),
  state: z.enum(["active", "inactive", "not_yet_valid", "expired"]).describe("Today"),
  is_active: z.boolean().describe("Whether it is switched on"),
  valid_from: day,
  valid_until: day.nullable().describe("The last day, inside; null is no end"),
  max_activations: count.describe("On how many machines it may be activated"),
  max_users: count.describe("How many copies may run at once"),
  activations_in_use: count.describe("Places taken"),
  ...times,
  updated_at: time,
}).meta({ id: "License" });

export const device = z.object({
  id: count.describe("Its id"),
  license_id: count.describe("The license's id"),
  license_key: text.describe("The license key, as it was issued"),
  customer_id: count.describe("The customer's id"),
  customer_name: text.describe("The customer's name"),
  product_id: count.describe("The product's id"),
  product_name: text.describe("The product's name"),
  hardware_id: text.describe("The machine's fingerprint"),
  machine_name: maybe.describe("The machine's name"),
  app_version: maybe.describe("The app's own version"),
  activated_at: time,
  last_heartbeat: time,
  is_active: z.boolean().describe("Whether it holds a place"),
  deactivated_at: time.nullable().describe("When it was deactivated"),
}).meta({ id: "Device" });

export const seat = z.object({
  id: count.describe("Its number, which opens nothing"),
  license_id: count.describe("The license's id"),
  license_key: text.describe("The license key, as it was issued"),
  activation_id: count.describe("The machine's id"),
  machine_name: maybe.describe("The machine's name"),
  customer_id: count.describe("The customer's id"),
  customer_name: text.describe("The customer's name"),
  product_id: count.describe("The product's id"),
  product_name: text.describe("The product's name"),
  started_at: time,
  last_heartbeat: time,
  expires_at: time,
}).meta({ id: "Session" });

export const resource = z.object({
  id: count.describe("Its id"),
  type: text.describe("The kind"),
  identifier: text.describe("What it is called"),
  license_id: count.nullable().describe("The license's id"),
  allocated_at: time.nullable().describe("When it was given"),
  ...times,
  updated_at: time,
}).meta({ id: "Resource" });

export const lead = z.object({
  id: count.describe("Its id"),
  name: text.describe("The name"),
  type: text.describe("The kind"),
  stage: z.enum(["new", "contacted", "qualified", "proposal", "won", "lost"]).describe("How far it is"),
  website: maybe.describe("Its address in the web"),
  city: maybe.describe("Where it is"),
  country: maybe.describe("In which country"),
  notes: text.describe("What else is known"),
  customer_id: count.nullable().describe("The customer it became"),
  ...times,
  updated_at: time,
}).meta({ id: "Lead" });

export const event = z.object({
  id: count.describe("Its id"),
  uid: text.describe("The id under which it leaves the house"),
  type: text.describe("The kind"),
  occurred_at: time,
  actor_kind: text.describe("Who did it: administrator, api_key, user, system or anonymous"),
  actor_id: count.nullable().describe("Their id"),
  actor_name: maybe.describe("Their name"),
  request_id: maybe.describe("The request that caused it, as in the server's log"),
  subject_kind: text.describe("What kind of thing it happened to"),
  subject_id: count.describe("The id of that thing"),
  license_id: count.nullable().describe("The license's id"),
  customer_id: count.nullable().describe("The customer's id"),
  activation_id: count.nullable().describe("The machine's id"),
  license_key: maybe.describe("The license key, as it was issued"),
  customer_name: maybe.describe("The customer's name"),
  machine_name: maybe.describe("The machine's name"),
  before: z.record(text, z.unknown()).nullable().describe("How it stood before"),
  after: z.record(text, z.unknown()).nullable().describe("How it stands since"),
}).meta({ id: "Event" });

export const job = z.object({
  id: count.describe("Its id"),
  kind: text.describe("The kind"),
  state: z.enum(["waiting", "running", "done", "failed", "cancelled"]).describe("How it stands"),
  done: count.describe("How far it is"),
  total: count.nullable().describe("How many there are"),
  result: z.record(text, z.unknown()).nullable().describe("What came of it"),
  error: maybe.describe("Why it failed"),
  administrator_name: maybe.describe("Who asked for it"),
  requested_at: time,
  started_at: time.nullable().describe("When it began"),
  finished_at: time.nullable().describe("When it was over"),
}).meta({ id: "Job" });

export const apiKey = z.object({
  id: count.describe("Its id"),
  name: text.describe("The name"),
  prefix: text.describe("The key's first characters"),
  product_id: count.nullable().describe("The product's id"),
  created_at: time,
  last_used_at: time.nullable().describe("When it was last used"),
  revoked_at: time.nullable().describe("When it was revoked"),
  key: text.optional().describe("The key itself; only in the answer that made it"),
}).meta({ id: "ApiKey" });

export const administrator = z.object({
  id: count.describe("Its id"),
  email: text.describe("The address"),
  name: text.describe("The name"),
  role: z.enum(["viewer", "manager", "owner"]).describe(
    "viewer reads, manager changes licensing data, owner everything",
  ),
  has_totp: z.boolean().describe("Whether an authenticator app is set up"),
  passkeys: count.describe("How many passkeys"),
  created_at: time,
  last_seen_at: time.nullable().describe("When it was last seen"),
  disabled_at: time.nullable().describe("When they were switched off"),
}).meta({ id: "Administrator" });
