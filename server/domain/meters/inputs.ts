// What a call about a meter gives.
import { z } from "zod";
import { code, line } from "../input_fields.ts";

/** Units of one call. */
export const meterAmount = z.int().min(1).max(1_000_000_000);

/** Seconds until a reservation lapses. */
export const reservationTtl = z.int().min(1).max(3600);

/** Units that a correction sets or adds at most; below what a JSON number holds with everything that is counted. */
const maxCorrection = 1_000_000_000_000;

/** What an administrator corrects of a meter in its current period: either of `used` and `by`. */
export const usageAdjustment = z.strictObject({
  meter: code.describe("The meter's name"),
  used: z.int().min(0).max(maxCorrection).optional().describe("Units that are used in the current period"),
  by: z.int().min(-maxCorrection).max(maxCorrection).optional().describe(
    "Units to add to those that are used, or negative ones to subtract; instead of used",
  ),
  reason: line(255).describe("Why it is corrected, for the history"),
});
