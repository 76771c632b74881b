// What a list is told: its columns, its filters, where its rows come from. Everything else every list has alike.
import type { JSX } from "solid-js";
import type { Refused } from "../../lib/refusal.ts";

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => JSX.Element;
  /** What the server calls sorting by it. */
  sort?: string;
  /** Pixels. */
  width?: number;
  isNumber?: boolean;
  /** Not shown until somebody chooses it. */
  isHidden?: boolean;
  /** What stands behind the cell's link and is no part of it: a button that copies. */
  beside?: (row: Row) => JSX.Element;
}

export interface Filter {
  /** Its name in the address and in the input. */
  name: string;
  title: string;
  /** The values to choose of; or a day; or text typed as it is; or a thing that is searched for. */
  kind: { options: readonly (readonly [value: string, title: string])[] } | "day" | "text" | Search;
}

/** Things that a filter or a field lets choose by part of their name. */
export interface Search {
  find(q: string): Promise<Choice[]>;
  /** What one is called whose id alone is known. */
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

/** An answered list, as `useAnswer` gives it. */
export interface Rows<Row> {
  data: PageOfRows<Row> | undefined;
  error: unknown;
  isFetching: boolean;
  isPlaceholderData: boolean;
  refetch(): unknown;
}

/** What is asked of the server, read from the address. */
export interface Asked {
  q?: string;
  sort?: string;
  cursor?: string;
  /** The filters that are set, by name. */
  filters: Record<string, string>;
}

/** Rows chosen across pages, by id. */
export interface Selection {
  ids: () => number[];
  size: () => number;
  has(id: number): boolean;
  set(ids: number[], isChosen: boolean): void;
  clear(): void;
}

export type { Refused };
