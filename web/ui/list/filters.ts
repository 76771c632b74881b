// What filters have in common: the names of their values in the URL, and how those are read and sent.
import { type Ends, resolveEnds } from "../../lib/date_ranges.ts";
import type { DateRange, Filter } from "./list.ts";

/** The values of filters as they are in the URL, by name. */
export type FilterValues = Record<string, string>;

export const isRange = (kind: Filter["kind"]): kind is DateRange =>
  typeof kind === "object" && "from" in kind;

/** The names of a filter's values in the URL. */
export function namesOf({ name, kind }: Filter): string[] {
  return isRange(kind) ? [kind.from, kind.until] : [name];
}

export function isSet(filter: Filter, values: FilterValues): boolean {
  return namesOf(filter).some((name) => name in values);
}

/** Changes of a list's state that take the filter away. */
export function withoutFilter(filter: Filter): Record<string, undefined> {
  return Object.fromEntries(namesOf(filter).map((name) => [name, undefined]));
}

/** The two ends of a range. */
export function endsOf({ from, until }: DateRange, values: FilterValues): Ends {
  return { from: values[from], until: values[until] };
}

/** What the API takes: ids are numbers, yes and no are booleans, dates are days or instants. */
export function filterInput(
  filter: Filter,
  values: FilterValues,
): Record<string, string | number | boolean | undefined> {
  const { name, kind } = filter;
  if (isRange(kind)) {
    const { from, until } = resolveEnds(endsOf(kind, values), kind.unit);
    return { [kind.from]: from, [kind.until]: until };
  }
  const value = values[name];
  if (typeof kind === "string") return { [name]: value };
  if ("find" in kind) return { [name]: Number(value) };
  const isBoolean = kind.options.length > 0 &&
    kind.options.every(([option]) => /^(true|false)$/.test(option));
  return { [name]: isBoolean ? value === "true" : value };
}
