// Input of the global search: text, type and limit.
import { z } from "zod";

export const searchTypes = ["customer", "license", "device", "lead"] as const;
export type SearchType = typeof searchTypes[number];

export const search = z.strictObject({
  q: z.string().max(200),
  type: z.enum(searchTypes).optional(),
  limit: z.int().min(1).max(100).optional(),
});
