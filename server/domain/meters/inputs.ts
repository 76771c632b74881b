// What a call about a meter gives.
import { z } from "zod";
import { code, line } from "../input_fields.ts";

/** Units of one call. */
export const meterAmount = z.int().min(1).max(1_000_000_000);

/** Seconds until a reservation lapses. */
export const reservationTtl = z.int().min(1).max(3600);

/** What an administrator corrects of a meter in its current period. */
export const usageAdjustment = z.strictObject({
  meter: code.describe("The meter's name"),
  used: z.int().min(0).max(1_000_000_000_000).describe("Units that are used in the current period"),
  reason: line(255).describe("Why it is corrected, for the history"),
});
