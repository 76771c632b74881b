// Which rows of a list a page shows. Paging is by keyset, so the number of the first row is counted from page to page; where
// it is not known, as of a link to a page in the middle, only what is known is said.
import { formatNumber, formatTotalOf } from "../../lib/format.ts";
import type { PageOfRows } from "./list.ts";

/**
 * The number of the first row that is shown, from 1; null where it is not known.
 *
 * @param counted as it was counted from the page before
 */
export function firstRow(page: PageOfRows<unknown>, counted: number | null): number | null {
  const { rows, total, totalIsMore, previous, next } = page;
  if (previous === null) return 1;
  if (next === null && !totalIsMore) return Math.max(1, total - rows.length + 1);
  // Rows may have been deleted since it was counted.
  const isPossible = counted !== null && (totalIsMore || counted + rows.length - 1 <= total);
  return isPossible ? counted : null;
}

/** "Showing 51–100 of 119 licenses", "Showing 50 of more than 10,000 licenses". */
export function describeRows(
  page: PageOfRows<unknown>,
  first: number | null,
  [one, many]: readonly [one: string, many: string],
): string {
  const { rows: { length } } = page;
  const shown = first === null || length === 0 || first === 1 && length === 1
    ? formatNumber(length)
    : `${formatNumber(first)}–${formatNumber(first + length - 1)}`;
  return `Showing ${shown} of ${formatTotalOf(page, one, many)}`;
}
