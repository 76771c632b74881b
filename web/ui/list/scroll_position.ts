// Keeps the scroll position when rows are added or removed: the row under the pointer, the focused row, or else the
// first visible row of a scrolled list stays where it is.
import { createComputed, createEffect, on } from "solid-js";

/**
 * Call it before the rows are rendered.
 *
 * @param body the element that contains the rows; each has its id as `data-id`
 * @param ids the ids of the rows
 */
export function keepScrollPosition(body: () => HTMLElement | undefined, ids: () => number[]): void {
  let anchor: { id: string; top: number } | null = null;

  createComputed(on(ids, () => {
    anchor = null;
    const rows = [...body()?.querySelectorAll<HTMLElement>("tr[data-id]") ?? []];
    const row = rows.find((row) => row.matches(":hover, :focus-within")) ??
      (rows[0]?.getBoundingClientRect().top < 0
        ? rows.find((row) => row.getBoundingClientRect().top >= 0)
        : undefined);
    if (row) anchor = { id: row.dataset.id!, top: row.getBoundingClientRect().top };
  }));

  createEffect(on(ids, () => {
    if (!anchor) return;
    const row = body()?.querySelector<HTMLElement>(`tr[data-id="${anchor.id}"]`);
    if (row) scrollBy({ top: row.getBoundingClientRect().top - anchor.top, behavior: "instant" });
  }));
}
