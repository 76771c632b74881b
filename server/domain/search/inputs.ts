// Input of the searches: text, type and limit.
import { z } from "zod";

export const searchTypes = ["customer", "license", "device", "lead"] as const;
export type SearchType = typeof searchTypes[number];

export const search = z.strictObject({
  q: z.string().max(200),
  type: z.enum(searchTypes).optional(),
  limit: z.int().min(1).max(100).optional(),
});

/** What the panel finds by name besides. */
export const namedTypes = ["product", "plan", "release", "resource", "user", "webhook"] as const;
export type NamedType = typeof namedTypes[number];

export const nameSearch = z.strictObject({
  q: z.string().max(200),
  type: z.enum(namedTypes).optional(),
  limit: z.int().min(1).max(100).optional(),
});
