// Parsing of values that came as JSON.
import type { z } from "zod";

/**
 * Parses a value by a schema. Schemas of text compare the length of whatever is there, also of objects; an object whose
 * length cannot be compared is refused like any other.
 */
export function safeParse<T>(schema: z.ZodType<T>, value: unknown): z.ZodSafeParseResult<T> {
  try {
    return schema.safeParse(value);
  } catch (error) {
    // The length is an object whose `toString` is no function. It is where text or a list belongs.
    if (!(error instanceof TypeError)) throw error;
    const parsed = schema.safeParse(withoutLengths(value));
    if (parsed.success) throw error;
    return parsed;
  }
}

function withoutLengths(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutLengths);
  const fields = Object.entries(value).filter(([name]) => name !== "length");
  return Object.fromEntries(fields.map(([name, inner]) => [name, withoutLengths(inner)]));
}
