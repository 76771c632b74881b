// Rows that were added recently, to be marked for a while.
import { createEffect, createSignal, on, onCleanup } from "solid-js";
import type { ListState } from "./list.ts";

/** How long a row is marked; milliseconds. */
const MARKED_MS = 30_000;

/** A set of marked ids. */
export function createNewRows() {
  const [marked, setMarked] = createSignal<ReadonlySet<number>>(new Set());
  const timers = new Set<ReturnType<typeof setTimeout>>();
  onCleanup(() => timers.forEach(clearTimeout));
  function mark(...ids: number[]): void {
    if (ids.length === 0) return;
    setMarked(new Set([...marked(), ...ids]));
    const timer = setTimeout(() => {
      timers.delete(timer);
      setMarked(new Set([...marked()].filter((id) => !ids.includes(id))));
    }, MARKED_MS);
    timers.add(timer);
  }
  return { mark, has: (id: number) => marked().has(id) };
}

/** Marks rows that the previous result of the same query did not contain. */
export function markNewRows(
  newRows: { mark(...ids: number[]): void },
  state: ListState,
  rows: { data: { rows: { id: number }[] } | undefined; isPlaceholderData: boolean },
): void {
  let last: { query: string; ids: Set<number> } | null = null;
  createEffect(on(() => [rows.data, rows.isPlaceholderData] as const, ([page, isOld]) => {
    if (!page || isOld) return;
    const query = `${state.search()} ${state.query().cursor ?? ""}`;
    const ids = page.rows.map(({ id }) => id);
    if (last?.query === query) {
      // New rows come first. A row further down moved up from the next page.
      const known = ids.findIndex((id) => last!.ids.has(id));
      newRows.mark(...(known < 0 ? ids : ids.slice(0, known)));
    }
    last = { query, ids: new Set(ids) };
  }));
}
