// Input of webhooks and deliveries, and the events that a webhook can subscribe to.
import { z } from "zod";
import { id, instant } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";

const before = id.optional().describe("Where to go on: `next` of the page before");

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
