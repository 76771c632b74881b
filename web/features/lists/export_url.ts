// The URL of a list as a file. The REST administration serves it, with parameters in snake_case.
import { withQuery } from "../../lib/addresses.ts";

type Values = Record<string, string | number | boolean | undefined>;

/**
 * @param path of the export endpoint
 * @param query the list's query; names are converted to snake_case
 */
export function exportUrl(path: string, query: Values, format: "csv" | "xlsx"): string {
  const parameters = Object.entries(query).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return withQuery(path, { format, ...Object.fromEntries(parameters) });
}
