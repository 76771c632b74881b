// Input of license files: how long one lasts, and the file that an app has.
import { z } from "zod";

/** A longer text is no license file; characters. */
export const MAX_FILE_LENGTH = 64 * 1024;
/** Ten years, the longest that a license may allow. */
const MAX_TTL = 3650 * 86_400;

export const fileTtl = z.int().min(60).max(MAX_TTL).nullish().transform((ttl) => ttl ?? null).describe(
  "Seconds until the file expires, at most the offline_days of the license, which is the default",
);

export const fileText = z.string().max(MAX_FILE_LENGTH);
