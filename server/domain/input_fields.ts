// Schemas of input fields that several nouns share. Input schemas import nothing of the server, because the panel
// validates its forms with them in the browser.
import { z } from "zod";
import { cleanLine, isMultiline, isOneLine } from "./text.ts";

/** One line of text that is not empty. */
export const line = (maxLength: number) =>
  z.string().trim().min(1).max(maxLength).refine(isOneLine, "contains characters that are not allowed");

/** One line of text; an empty one becomes null. */
export const optionalLine = (maxLength: number) =>
  z.string().trim().max(maxLength).refine(isOneLine, "contains characters that are not allowed").nullable()
    .transform((value) => value || null);

/** Text that is only displayed: it is cleaned and shortened, never a reason to refuse; an empty one becomes null. */
export const displayLine = (maxLength: number) =>
  z.string().nullish().transform((value) => cleanLine(value ?? "", maxLength) || null);

/** Text of any number of lines. */
export const multilineText = (maxLength: number) =>
  z.string().max(maxLength).refine(isMultiline, "contains characters that are not allowed");

export const id = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** Ids of the rows of a bulk change. */
export const ids = z.array(id).min(1).max(10_000);

export const email = z.string().trim().max(254).regex(
  /^[^@\s]+@[^@\s]+\.[^@\s]+$|^[^@\s]+@localhost$/,
  "is not an email address",
);

export const optionalEmail = z.union([email, z.literal("").transform(() => null), z.null()]);

/** An existing calendar day, "2026-01-31". */
export const day = z.iso.date();

export const instant = z.iso.datetime({ offset: true });

/** A limit of a license, such as its activations. */
export const usageLimit = z.int().min(0).max(1_000_000);

/** The identifier of a product or plan in programs. */
export const code = z.string().regex(
  /^[a-z0-9][a-z0-9_-]{0,62}$/,
  "must be lower case letters, digits, - and _",
);

export const address = z.url({ protocol: /^https?$/ }).max(2000);
