// Input of list requests: search text, order, cursor, limit and filters in one flat object, which fits into a query
// string and into the panel's address without conversion.
import { z } from "zod";
import { code, instant } from "./input_fields.ts";

/**
 * The input schema of a list.
 *
 * @param sorts names of the sort orders; each also exists with a leading "-" for descending
 * @param filters fields of the list's own filters
 */
export function listInput<const Sort extends string, Filters extends z.ZodRawShape>(
  sorts: readonly Sort[],
  filters: Filters,
) {
  const descending = sorts.map((sort) => `-${sort}` as const);
  return z.strictObject({
    q: z.string().trim().max(200).optional().describe(
      "Part of a name, key, address or the like; of licenses, customers, devices, sessions and leads, one or two characters are found at the beginning only",
    ),
    sort: z.enum([...sorts, ...descending]).optional().describe(
      "Field to sort by; a leading - sorts in descending order",
    ),
    cursor: z.string().max(4000).optional().describe(
      "Cursor of the page: `next` or `previous` of another page",
    ),
    limit: z.int().min(1).max(200).optional().describe("Rows per page; default 50"),
    ...filters,
  });
}

/**
 * The filters of the time of something: `createdSince` and `createdUntil`.
 *
 * @param name "created"
 * @param what for the description, "Created"
 */
export function timeRange<const Name extends string>(name: Name, what: string) {
  return {
    [`${name}Since`]: instant.optional().describe(`${what} at this time or later`),
    [`${name}Until`]: instant.optional().describe(`${what} before this time`),
  } as Record<`${Name}Since` | `${Name}Until`, z.ZodOptional<typeof instant>>;
}

/** The filter of objects that have tags. */
export const tag = code.optional().describe("With this tag only");

/** Days during which a deleted row can be restored. */
export const RESTORABLE_FOR = 30;

/** Filter that selects deleted rows. */
export const deleted = z.boolean().optional().describe("True lists deleted rows only");

/** File format of an export. */
export const exportFormat = z.enum(["csv", "xlsx"]).describe("File format");
export type ExportFormat = z.infer<typeof exportFormat>;
