// Schemas of input fields that several nouns share. Input schemas import nothing of the server but how text and dates
// are read, because the panel validates its forms with them in the browser.
import { z } from "zod";
import {
  type CalendarDay,
  FIRST_DAY,
  isCalendarDay,
  isInstantInBounds,
  LAST_DAY,
  periodForm,
} from "./calendar.ts";
import { MAX_EMAIL_LENGTH, parseEmail } from "./email_address.ts";
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

/** A schema of an email address in the form that is stored. */
export const emailField = (message: string) =>
  z.string().meta({ format: "idn-email", maxLength: MAX_EMAIL_LENGTH }).transform((text, issues) => {
    const address = parseEmail(text);
    if (address !== null) return address;
    issues.addIssue({ code: "custom", message });
    return z.NEVER;
  });

export const email = emailField("is not an email address");

export const optionalEmail = z.union([email, z.string().trim().max(0).transform(() => null), z.null()]);

/** An existing calendar day within the calendar's bounds, "2026-01-31". Every date that comes from outside is read by it. */
export const day = z.iso.date({ abort: true }).refine(
  isCalendarDay,
  `must be a day from ${FIRST_DAY} to ${LAST_DAY}`,
)
  // `refine` above has checked it.
  .transform((text) => text as CalendarDay);

/** An instant within the calendar's bounds, with its offset from UTC. */
export const instant = z.iso.datetime({ offset: true, abort: true })
  .refine((text) => isInstantInBounds(new Date(text)), `must be a time from ${FIRST_DAY} to ${LAST_DAY}`);

/** The duration of a license's period, "P1M". */
export const period = z.string().regex(
  periodForm,
  "must be a duration of days, months or years such as P7D, P1M or P1Y, up to P999Y",
);

/** A limit of a license, such as its activations. */
export const usageLimit = z.int().min(0).max(1_000_000);

/** The identifier of a product or plan in programs. */
export const code = z.string().regex(
  /^[a-z0-9][a-z0-9_-]{0,62}$/,
  "must be lower case letters, digits, - and _",
);

/** Notes of administrators. */
export const MAX_NOTES = 20_000;
export const notes = multilineText(MAX_NOTES).describe("Notes, for administrators only");

export const MAX_TAGS = 20;
/** Tags of administrators, each once. */
export const tags = z.array(code).max(MAX_TAGS).transform(withoutRepetitions).describe(
  "Tags, for administrators only",
);

export const address = z.url({ protocol: /^https?$/ }).max(2000);

function withoutRepetitions(texts: string[]): string[] {
  return texts.filter((text, index) => texts.indexOf(text) === index);
}
