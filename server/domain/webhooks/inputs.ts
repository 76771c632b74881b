// What administration may send about anomalies, alerts, statistics and webhooks.
import { z } from "zod";
import { id, instant, prose } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";

/**
 * What is measured over time, beside every event's type ("license.activated", "license.deactivated", "user.signed_in", …),
 * which counts how often it happened. "heartbeats" are signs of life that were written: every heartbeat, and of a
 * machine's verifications one a minute. The others are states, as they were last in the hour or on the day.
 */
export const measures = ["heartbeats", "licenses.active", "activations.active", "seats.active"] as const;

export const statisticsAsk = z.strictObject({
  measures: z.array(z.string().max(100)).min(1).max(20).describe(
    `Which numbers: the type of an event, or ${measures.join(", ")}`,
  ),
  span: z.enum(["hour", "day"]).describe("By hour or by day"),
  since: instant.describe("From this instant on"),
  until: instant.optional().describe("Up to this instant; now when not given"),
});

export const expiriesAsk = z.strictObject({
  days: z.int().min(7).max(366).describe("How many days ahead, today the first"),
});

export const versionsAsk = z.strictObject({
  productId: id.optional().describe("Of this product's machines; of all when not given"),
});

const before = id.optional().describe("Where to go on: `next` of the page before");

const anomalyKind = z.enum(["unusual_activation_pattern", "excessive_heartbeats", "license_hopping"]);

export const anomalyList = listInput(["id"], {
  kind: anomalyKind.optional().describe("Of this kind"),
  unresolved: z.boolean().optional().describe("Only those nobody has resolved; false lists the others"),
  licenseId: id.optional().describe("About this license"),
});

/** As administration over REST asks for them. */
export const anomalyPage = z.strictObject({
  kind: anomalyKind.optional().describe("Of this kind"),
  unresolved: z.boolean().optional().describe("Only those nobody has resolved"),
  licenseId: id.optional().describe("About this license"),
  before,
});

export const resolution = z.strictObject({ note: prose(2000).describe("What it was, and what was done") });

export const alertList = z.strictObject({ all: z.boolean().optional().describe("Those that are over, too") });

/** The events that webhooks can be told of, under the names they have outside. */
export const publicEvents = [
  "license.activated",
  "license.deactivated",
  "license.created",
  "license.updated",
  "license.enabled",
  "license.disabled",
  "license.deleted",
  "license.expiring",
  "license.expired",
  "activity.suspicious",
  "usage.threshold",
  "release.published",
] as const;

/** All of them, also those that are yet to be thought of. */
export const everyEvent = "*";

/** Names and addresses are checked by the verb, which says more about them. */
export const newWebhook = z.strictObject({
  url: z.string().max(2000).describe("Where events are posted to"),
  description: z.string().max(1000).optional().describe("What it is for"),
  eventTypes: z.array(z.string().max(100)).min(1).max(100).describe("Which events, or * for all"),
  headers: z.record(z.string().max(200), z.string().max(4000)).optional().describe(
    "Further headers of each request",
  ),
});

export const webhookChanges = newWebhook.partial();

export const deliveryList = listInput(["id"], {
  state: z.enum(["waiting", "delivered", "failed"]).optional().describe("In this state"),
});

export const licenseDeliveryList = z.strictObject({ before });

export const replay = z.strictObject({
  since: instant.describe("Events from this instant on"),
  until: instant.optional().describe("Up to this instant; now when not given"),
});
