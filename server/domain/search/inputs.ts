// Input of the global search: text, type and limit.
import { z } from "zod";

export const search = z.strictObject({
  q: z.string().max(200),
  type: z.enum(["customer", "license", "device", "lead"]).optional(),
  limit: z.int().min(1).max(100).optional(),
});
