// The foot of a list: which rows are shown, and the previous and next page.
import { Show } from "solid-js";
import { Button } from "../Button.tsx";
import { BackIcon, NextIcon } from "../icons.ts";
import type { ListState, PageOfRows } from "./list.ts";
import { describeRows, firstRow } from "./shown_rows.ts";

/** The rows of a page without a limit of its own. */
const PAGE_SIZE = 50;

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
        {props.page ? describeRows(props.page, first(), [props.one, props.many]) : "Loading"}
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
