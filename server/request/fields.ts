// Kinds of fields that the dialects share.
import { z } from "zod";
import { cleanLine, isOneLine } from "../domain/text.ts";

/** Text of some length, without control characters. */
export function text(most: number) {
  return z.string().trim().min(1).max(most).refine(isOneLine, "contains characters that are not allowed");
}

/** Required text that is only displayed or compared leniently: it is cleaned and shortened. */
export function shownText(most: number) {
  return z.string().transform((value) => cleanLine(value, most)).pipe(z.string().min(1));
}

/** Text that may be left out; empty text and null count as left out. */
export function optionalText(most: number) {
  return z.string().max(most).refine(isOneLine, "contains characters that are not allowed").nullish()
    .transform((value) => value?.trim() || null);
}
