// The foot of a list: which rows are shown, and the previous and next page. Paging is by keyset, so the number of the first
// row is counted from page to page; where it is not known, as of a link to a page in the middle, only what is known is said.
import { Show } from "solid-js";
import { formatNumber, formatTotalOf } from "../../lib/format.ts";
import { Button } from "../Button.tsx";
import { BackIcon, NextIcon } from "../icons.ts";
import type { ListState, PageOfRows } from "./list.ts";

/** The rows of a page without a limit of its own. */
const PAGE_SIZE = 50;

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

export function ListFoot(
  props: { one: string; many: string; state: ListState; page: PageOfRows<unknown> | undefined },
) {
  const first = () => props.page ? firstRow(props.page, props.state.query().first ?? null) : null;
  function show(cursor: string | null, first: number | null): void {
    props.state.change({ cursor: cursor ?? undefined, first: first === null ? undefined : String(first) });
    scrollTo({ top: 0 });
  }
  const after = () => first() === null ? null : first()! + props.page!.rows.length;
  const before = () => first() === null ? null : Math.max(1, first()! - PAGE_SIZE);
  return (
    <footer class="flex min-h-12 flex-wrap items-center justify-between gap-2 border-t border-line px-4 py-2 text-sm text-muted">
      <p role="status">
        <Show when={props.page} fallback="Loading">
          {(page) => describeRows(page(), first(), [props.one, props.many])}
        </Show>
      </p>
      <div class="flex gap-2">
        <Show when={props.state.query().cursor}>
          <Button
            variant="quiet"
            onClick={() => show(null, null)}
          >
            First page
          </Button>
        </Show>
        <Button
          variant="plain"
          disabledReason={props.page?.previous ? null : "This is the first page."}
          onClick={() => show(props.page!.previous, before())}
        >
          <BackIcon /> Previous page
        </Button>
        <Button
          variant="plain"
          disabledReason={props.page?.next ? null : "This is the last page."}
          onClick={() => show(props.page!.next, after())}
        >
          Next page <NextIcon />
        </Button>
      </div>
    </footer>
  );
}
