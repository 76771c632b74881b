// The kinds of field administration shares. These files say what may be sent and import nothing of the server, so that
// the panel checks its forms by the same schemas.
import { z } from "zod";

// deno-lint-ignore no-control-regex
const printable = (text: string) => text.isWellFormed() && !/[\x00-\x1f\x7f]/.test(text);
// deno-lint-ignore no-control-regex
const writable = (text: string) => text.isWellFormed() && !/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text);

/** One line of text that is not empty. */
export const line = (most: number) =>
  z.string().trim().min(1).max(most).refine(printable, "contains characters that are not allowed");

/** One line of text; empty counts as none. */
export const optionalLine = (most: number) =>
  z.string().trim().max(most).refine(printable, "contains characters that are not allowed").nullable()
    .transform((value) => value || null);

/** Text of several lines. */
export const prose = (most: number) =>
  z.string().max(most).refine(writable, "contains characters that are not allowed");

export const id = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** Ids of what is to be changed at once. */
export const ids = z.array(id).min(1).max(10_000);

export const email = z.string().trim().max(254).regex(
  /^[^@\s]+@[^@\s]+\.[^@\s]+$|^[^@\s]+@localhost$/,
  "is not an email address",
);

export const optionalEmail = z.union([email, z.literal("").transform(() => null), z.null()]);

/** A calendar day that exists, "2026-01-31". */
export const day = z.iso.date();

export const instant = z.iso.datetime({ offset: true });

/** How many of something a license allows. */
export const usageLimit = z.int().min(0).max(1_000_000);

/** What programs call a product or plan. */
export const code = z.string().regex(
  /^[a-z0-9][a-z0-9_-]{0,62}$/,
  "must be lower case letters, digits, - and _",
);

export const address = z.url({ protocol: /^https?$/ }).max(2000);
