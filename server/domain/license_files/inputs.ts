// Input of license files: how long one lasts, the file that an app has, and the request of an app without a network.
import { z } from "zod";

/** A longer text is no license file; characters. */
export const MAX_FILE_LENGTH = 64 * 1024;
/** What is longer between the markers is no request; characters. */
export const MAX_REQUEST_LENGTH = 32 * 1024;
/** Ten years, the longest that a license may allow. */
const MAX_TTL = 3650 * 86_400;

export const fileTtl = z.int().min(60).max(MAX_TTL).nullish().transform((ttl) => ttl ?? null).describe(
  "Seconds until the file expires, at most the offline_days of the license, which is the default",
);

export const fileText = z.string().max(MAX_FILE_LENGTH);

/** The request of an app, with what is around it in a mail. */
export const requestText = z.string().max(MAX_FILE_LENGTH).describe(
  "The text that the app shows, from BEGIN to END; what is before and after it is ignored",
);

export const requestedFile = z.strictObject({ request: requestText });

export const newRequestedFile = requestedFile.extend({ ttl: fileTtl });

/** A file for a device of which no request is at hand. */
export const newFileOfDevice = z.strictObject({
  ttl: fileTtl,
  encrypt: z.boolean().default(false).describe(
    "Whether the file is encrypted with the license key, as it was issued, and the fingerprint",
  ),
});

/** The code that an app shows once it no longer uses its license. */
export const removal = z.strictObject({
  code: z.string().min(1).max(1000).describe(
    "The removal code that the app shows; case, dashes and blanks do not matter",
  ),
});
