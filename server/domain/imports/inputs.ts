// Input of imports from a table.
import { z } from "zod";

/** The column or field for each heading of an imported table; null and "" ignore a column. */
export const columnMapping = z.record(z.string().max(1000), z.string().max(100).nullable()).refine(
  (mapping) => Object.keys(mapping).length <= 500,
  "names too many columns",
);

/** What an import does with a row that is a duplicate of an earlier row or of an existing object. */
export const duplicateHandling = z.enum(["skip", "update", "add", "refuse"]);
export type DuplicateHandling = z.infer<typeof duplicateHandling>;

/** Options of an import; `dryRun` only validates. */
export const importOptions = z.object({
  dryRun: z.boolean(),
  mapping: columnMapping.optional(),
  duplicates: duplicateHandling.default("add"),
  sheet: z.string().max(255).optional(),
  encoding: z.string().max(50).optional(),
  createCustomers: z.boolean().optional(),
});
export type ImportOptions = z.infer<typeof importOptions>;
