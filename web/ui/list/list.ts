// The types that lists are built from: columns, filters, rows, selection and list state.
import type { JSX } from "solid-js";

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => JSX.Element;
  /** The API's name for sorting by this column. */
  sort?: string;
  /** Pixels. */
  width?: number;
  isNumber?: boolean;
  /** Contains buttons: stays visible at the right edge while the table scrolls. */
  isActions?: boolean;
  /** Hidden by default. */
  isHidden?: boolean;
  /** Content beside the cell's link, for example a copy button. */
  beside?: (row: Row) => JSX.Element;
}

export interface Filter {
  /** The name in the URL and in the API input. */
  name: string;
  title: string;
  /** A choice of values, a date, free text, or an object found by search. */
  kind: { options: readonly (readonly [value: string, title: string])[] } | "day" | "text" | Search;
}

/** Finds objects by part of their name, for filters and fields. */
export interface Search {
  find(q: string): Promise<Choice[]>;
  /** The name of an object whose id is known. */
  name(id: number): Promise<string>;
}

export interface Choice {
  id: number;
  title: string;
  hint?: string;
}

export interface PageOfRows<Row> {
  rows: Row[];
  next: string | null;
  total: number;
  totalIsMore: boolean;
}

/** The state of a list query, as `useApiQuery` returns it. */
export interface Rows<Row> {
  data: PageOfRows<Row> | undefined;
  error: unknown;
  isFetching: boolean;
  isPlaceholderData: boolean;
  refetch(): unknown;
}

/** Search text, sort order, page and filters of a list, read from the URL. */
export interface ListQuery {
  q?: string;
  sort?: string;
  cursor?: string;
  /** The filters that are set, by name. */
  filters: Record<string, string>;
}

/** A saved view: a name and the URL search string that shows it. */
export interface View {
  name: string;
  search: string;
}

/** Column order, visibility and widths (pixels) that an administrator chose. */
export interface ColumnLayout {
  order: string[];
  hidden: string[];
  widths: Record<string, number>;
}

/** The state of one list: its query in the URL, its saved views and its column layout. */
export interface ListState {
  query(): ListQuery;
  /** Changes parts of the query and goes back to the first page. */
  change(changes: Record<string, string | undefined>, options?: { replace?: boolean }): void;
  /** The query as a URL search string, without the page. */
  search(): string;
  /** Applies a search string. */
  show(search: string): void;
  views(): View[];
  setViews(views: View[]): void;
  columns(): ColumnLayout | null;
  /** @param columns null restores the default layout */
  setColumns(columns: ColumnLayout | null): void;
}

/** Rows selected across pages, by id. */
export interface Selection {
  ids: () => number[];
  size: () => number;
  has(id: number): boolean;
  set(ids: number[], isSelected: boolean): void;
  clear(): void;
}
