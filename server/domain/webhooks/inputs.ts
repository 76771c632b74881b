// Input of webhooks and deliveries.
import { z } from "zod";
import { id, instant } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";

const before = id.optional().describe("Cursor: `next` of the previous page");

/** In an endpoint's event types: all public events, also those that later versions add. */
export const allEvents = "*";

/** Header names and addresses are validated by the verb, with more specific errors. */
export const newWebhook = z.strictObject({
  url: z.string().max(2000).describe("Endpoint URL"),
  description: z.string().max(1000).optional().describe("Description"),
  format: z.string().max(63).optional().describe(
    "Dialect that writes the bodies, such as license_api, which is the default",
  ),
  eventTypes: z.array(z.string().max(100)).min(1).max(100).describe("Subscribed event types; * for all"),
  headers: z.record(z.string().max(200), z.string().max(4000)).optional().describe(
    "Custom headers of each request",
  ),
});

export const webhookChanges = newWebhook.partial();

export const deliveryList = listInput(["id"], {
  state: z.enum(["waiting", "delivered", "failed"]).optional().describe("In this state only"),
});

export const licenseDeliveryList = z.strictObject({ before });

export const replay = z.strictObject({
  since: instant.describe("Start of the period"),
  until: instant.optional().describe("End of the period; default now"),
});
