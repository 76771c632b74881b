// The state of a list: its query is kept in the URL, saved views and the column layout in the preferences.
import type { ColumnLayout, ListQuery, ListState, View } from "../../ui/list/list.ts";
import { usePageParams } from "../../lib/address_state.ts";
import { usePreference } from "../account/preferences.ts";

/**
 * @param name of the list; its preferences are stored under it
 * @param filters the names of its filters; other URL parameters are left alone
 */
export function createListState(name: string, filters: readonly string[]): ListState {
  const [params, setParams] = usePageParams();
  const read = (key: string) => {
    const value = params[key];
    return (Array.isArray(value) ? value[0] : value) || undefined;
  };

  function query(): ListQuery {
    const set = filters.map((filter) => [filter, read(filter)] as const).filter(([, value]) =>
      value !== undefined
    );
    return {
      q: read("q"),
      sort: read("sort"),
      cursor: read("cursor"),
      first: read("cursor") && /^[1-9]\d{0,9}$/.test(read("first") ?? "") ? Number(read("first")) : undefined,
      filters: Object.fromEntries(set) as Record<string, string>,
    };
  }

  function change(changes: Record<string, string | undefined>, options: { replace?: boolean } = {}): void {
    setParams({ cursor: undefined, first: undefined, ...changes }, {
      replace: options.replace ?? false,
      scroll: false,
    });
  }

  function search(): string {
    const { q, sort, filters } = query();
    const search = new URLSearchParams(filters);
    if (q) search.set("q", q);
    if (sort) search.set("sort", sort);
    search.sort();
    return search.toString();
  }

  function show(view: string): void {
    const cleared = Object.fromEntries(["q", "sort", ...filters].map((key) => [key, undefined]));
    const wanted = [...new URLSearchParams(view)].filter(([key]) => key !== "cursor" && key !== "first");
    change({ ...cleared, ...Object.fromEntries(wanted) });
  }

  const [views, setViews] = usePreference<View[]>(`${name}.views`, []);
  const [columns, setColumns] = usePreference<ColumnLayout | null>(`${name}.columns`, null);

  return { query, change, search, show, views, setViews, columns, setColumns };
}
