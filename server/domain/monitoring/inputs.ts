// Input of statistics, expiries, version adoption and alerts.
import { z } from "zod";
import { id, instant } from "../input_fields.ts";

/**
 * What is measured over time, beside every event's type ("license.activated", "license.deactivated", "user.signed_in", …),
 * which counts how often it happened. "heartbeats" counts the heartbeats that were written: every heartbeat call, and one
 * a minute for a machine's validations. The others are states, as they were last in the hour or on the day.
 */
export const measures = ["heartbeats", "licenses.active", "activations.active", "seats.active"] as const;

export const statisticsQuery = z.strictObject({
  measures: z.array(z.string().max(100)).min(1).max(20).describe(
    `Measures: an event type, or ${measures.join(", ")}`,
  ),
  span: z.enum(["hour", "day"]).describe("By hour or by day"),
  since: instant.describe("Start of the period"),
  until: instant.optional().describe("End of the period; default now"),
});

export const expiriesQuery = z.strictObject({
  days: z.int().min(7).max(366).describe("Number of days, starting today"),
});

export const versionsQuery = z.strictObject({
  productId: id.optional().describe("Devices of this product only"),
});

export const alertList = z.strictObject({ all: z.boolean().optional().describe("Include resolved alerts") });
