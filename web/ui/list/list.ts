// The types that lists are built from: columns, filters, rows, selection and list state.
import type { JSX } from "solid-js";

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => JSX.Element;
  /** The API's name for sorting by this column. */
  sort?: string;
  /** The width it has where there is room; pixels. */
  width?: number;
  /** The width that its content needs, to which it becomes narrower in a narrow window; pixels. */
  minWidth?: number;
  /** Columns of a lower priority become narrow first; 1 by default. */
  priority?: 0 | 1 | 2;
  isNumber?: boolean;
  /** Free text, such as a name or an address: it may be cut off where there is no room, and the whole is its title. */
  isText?: boolean;
  /** Contains buttons: stays visible at the right edge while the table scrolls. */
  isActions?: boolean;
  /** Hidden by default. */
  isHidden?: boolean;
  /** Content beside the cell's link, for example a copy button. */
  beside?: (row: Row) => JSX.Element;
}

export interface Filter {
  /** The name in the URL and in the API input; of a range, any name. */
  name: string;
  title: string;
  /** A choice of values, free text, an object found by search, or a range of dates. */
  kind: Options | "text" | Search | DateRange;
}

export interface Options {
  options: readonly (readonly [value: string, title: string])[];
  /** The title of a value that is not offered, which a link may contain. */
  titleOf?(value: string): string | undefined;
}

/** A filter of two dates, either of which may be missing. In the URL both are days, `today-7`, or instants. */
export interface DateRange {
  /** The names of the two ends in the URL and in the API input. */
  from: string;
  until: string;
  /** What the API takes: days, both of them inclusive, or instants, of which the last is exclusive. */
  unit: "day" | "instant";
  /** Whether it looks back or ahead: which ranges are suggested. */
  direction: "past" | "future";
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
  previous: string | null;
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
  /** The number of the first row of the page, as it was counted on the way there. */
  first?: number;
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
  /**
   * Selects a row or not; as a range, all rows from the one that was chosen last.
   *
   * @param page.rows the ids of the rows that are shown, in their order
   */
  choose(id: number, isSelected: boolean, page: { rows: number[]; isRange: boolean }): void;
  clear(): void;
}
