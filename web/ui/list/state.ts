// What a list shows, in the address; what a person has chosen of its columns and views, kept for them.
import { useSearchParams } from "@solidjs/router";
import { createSignal } from "solid-js";
import { usePreference } from "../../lib/preferences.ts";
import type { Asked, Selection } from "./list.ts";

/** The names that are no filters. */
const own = new Set(["q", "sort", "cursor", "tab"]);

/** A saved view: a name, and the query of the address that shows it. */
export interface View {
  name: string;
  query: string;
}

export interface Columns {
  order: string[];
  hidden: string[];
  widths: Record<string, number>;
}

export type ListState = ReturnType<typeof createListState>;

/**
 * A list's state.
 *
 * @param name of the list, under which choices are kept
 * @param filters the names of its filters; the rest of the address is not its business
 */
export function createListState(name: string, filters: readonly string[]) {
  const [params, setParams] = useSearchParams();
  const read = (key: string) => {
    const value = params[key];
    return (Array.isArray(value) ? value[0] : value) || undefined;
  };

  function asked(): Asked {
    const set = filters.map((filter) => [filter, read(filter)] as const).filter(([, value]) =>
      value !== undefined
    );
    return {
      q: read("q"),
      sort: read("sort"),
      cursor: read("cursor"),
      filters: Object.fromEntries(set) as Record<string, string>,
    };
  }

  /** Changes what is asked; the first page follows. */
  function change(changes: Record<string, string | undefined>, options: { replace?: boolean } = {}): void {
    setParams({ cursor: undefined, ...changes }, { replace: options.replace ?? false, scroll: false });
  }

  /** What the address says of this list, without the page. */
  function query(): string {
    const { q, sort, filters } = asked();
    const said = new URLSearchParams(filters);
    if (q) said.set("q", q);
    if (sort) said.set("sort", sort);
    said.sort();
    return said.toString();
  }

  function show(view: string): void {
    const wanted = new URLSearchParams(view);
    const cleared = Object.fromEntries(["q", "sort", ...filters].map((key) => [key, undefined]));
    change({
      ...cleared,
      ...Object.fromEntries([...wanted].filter(([key]) => !own.has(key) || key !== "cursor")),
    });
  }

  const [views, keepViews] = usePreference<View[]>(`${name}.views`, []);
  const [columns, keepColumns] = usePreference<Columns | null>(`${name}.columns`, null);

  return { asked, change, query, show, views, keepViews, columns, keepColumns };
}

/** Chosen rows, across pages. */
export function createSelection(): Selection {
  const [chosen, setChosen] = createSignal<ReadonlySet<number>>(new Set());
  return {
    ids: () => [...chosen()],
    size: () => chosen().size,
    has: (id) => chosen().has(id),
    set(ids, isChosen) {
      const next = new Set(chosen());
      for (const id of ids) isChosen ? next.add(id) : next.delete(id);
      setChosen(next);
    },
    clear: () => setChosen(new Set<number>()),
  };
}
