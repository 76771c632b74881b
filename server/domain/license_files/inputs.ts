// Input of license files: how long one lasts, and the file that an app has.
import { z } from "zod";
import { MAX_FILE_LENGTH } from "./armour.ts";

/** Ten years, the longest that a license may allow. */
const MAX_TTL = 3650 * 86_400;

export const fileTtl = z.int().min(60).max(MAX_TTL).nullish().transform((ttl) => ttl ?? null).describe(
  "Seconds that the file lasts, at most the offline_days of the license, which is the default",
);

export const fileText = z.string().max(MAX_FILE_LENGTH);
