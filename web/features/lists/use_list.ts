// A list of objects: its state in the URL, its query to the API and its export.
import { useApiQuery } from "../../lib/queries.ts";
import type { Inputs } from "../../lib/trpc.ts";
import { filterInput, isSet, namesOf } from "../../ui/list/filters.ts";
import type { Filter, ListQuery } from "../../ui/list/list.ts";
import { exportUrl } from "./export_url.ts";
import { createListState } from "./list_state.ts";

/** Routers whose `list` procedure returns pages of rows. */
type ListNoun =
  | "anomalies"
  | "apiKeys"
  | "apiRequests"
  | "customers"
  | "devices"
  | "events"
  | "jobs"
  | "leads"
  | "licenses"
  | "notifications"
  | "plans"
  | "products"
  | "releases"
  | "resources"
  | "sessions"
  | "users";

/** The input of a list procedure. */
export type ListInput = Record<string, string | number | boolean | undefined>;

export interface ListOptions {
  /** A function where the choices of a filter are loaded. */
  filters: Filter[] | (() => Filter[]);
  /** The sort order when the URL has none. */
  defaultSort?: string;
  /** The name under which views and columns are saved; the noun by default. */
  name?: string;
  /** Input that is not in the URL, for example the customer whose licenses are listed. */
  fixed?: ListInput;
  /** Converts filter values that need more than `filterInput` does. */
  prepare?: (input: ListInput) => ListInput;
  /** The path of the export endpoint; null when there is none. */
  exportPath?: string | null;
  /** Milliseconds. */
  refetchInterval?: number;
}

/** The input of a list procedure, without the page. */
export function toListInput(filters: Filter[], { q, sort, filters: values }: ListQuery): ListInput {
  const set = filters.filter((filter) => isSet(filter, values));
  return Object.assign({ q, sort }, ...set.map((filter) => filterInput(filter, values)));
}

/**
 * @param noun the router whose `list` procedure loads the rows
 * @returns props for `List`, and `input`: what the rows were loaded with
 */
export function useList<N extends ListNoun>(noun: N, options: ListOptions) {
  const { prepare = (input) => input, exportPath = `/api/admin/${noun}/export` } = options;
  const filters = () => typeof options.filters === "function" ? options.filters() : options.filters;
  const state = createListState(options.name ?? noun, filters().flatMap(namesOf));
  const input = () => {
    const { sort = options.defaultSort, ...query } = state.query();
    return { ...prepare(toListInput(filters(), { sort, ...query })), ...options.fixed };
  };
  // The values come from the URL, which anybody can write. The procedure's schema checks them.
  const query = useApiQuery(
    noun,
    "list",
    () => ({ ...input(), cursor: state.query().cursor }) as Inputs[N]["list"],
    { keepPrevious: true, refetchInterval: options.refetchInterval },
  );
  return {
    state,
    rows: query,
    get filters() {
      return filters();
    },
    defaultSort: options.defaultSort,
    exportHref: exportPath === null
      ? undefined
      : (format: "csv" | "xlsx") => exportUrl(exportPath, input(), format),
    input,
  };
}
