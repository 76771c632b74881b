// How every list is asked for: what to look for, how to sort, where to go on. One flat object, so that it fits into a
// query string and into the panel's address as it stands.
import { z } from "zod";

/**
 * The input of a list.
 *
 * @param sorts what it can be sorted by; a leading "-" turns the order round
 * @param filters what else may be asked of its rows
 */
export function listInput<const Sort extends string, Filters extends z.ZodRawShape>(
  sorts: readonly Sort[],
  filters: Filters,
) {
  const turned = sorts.map((sort) => `-${sort}` as const);
  return z.strictObject({
    q: z.string().trim().max(200).optional().describe("Part of a name, key, address or the like"),
    sort: z.enum([...sorts, ...turned]).optional().describe(
      "What to sort by; a leading - turns the order round",
    ),
    cursor: z.string().max(1000).optional().describe("Where to go on: `next` of the page before"),
    limit: z.int().min(1).max(200).optional().describe("Rows a page; 50 unless told otherwise"),
    ...filters,
  });
}

/** How long what was deleted can be restored; days. */
export const RESTORABLE_FOR = 30;

/** Whether deleted rows are wanted instead of the others. */
export const deleted = z.boolean().optional().describe("True lists what was deleted instead");

/** What a list is written as. */
export const exportFormat = z.enum(["csv", "xlsx"]).describe("The kind of file");
export type ExportFormat = z.infer<typeof exportFormat>;
