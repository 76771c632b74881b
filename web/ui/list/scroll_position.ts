// Rows come and go while somebody reads: the row under the pointer, the one with the focus, or else the first that is
// seen in a list that was scrolled, stays where it is on the screen.
import { createComputed, createEffect, on } from "solid-js";

/**
 * Keeps the row of interest in place whenever rows change. Call it before the rows are drawn.
 *
 * @param body the element around the rows, each of which bears its id as `data-id`
 * @param ids what changes
 */
export function keepScrollPosition(body: () => HTMLElement | undefined, ids: () => number[]): void {
  let kept: { id: string; top: number } | null = null;

  createComputed(on(ids, () => {
    kept = null;
    const rows = [...body()?.querySelectorAll<HTMLElement>("tr[data-id]") ?? []];
    const row = rows.find((row) => row.matches(":hover, :focus-within")) ??
      (rows[0]?.getBoundingClientRect().top < 0
        ? rows.find((row) => row.getBoundingClientRect().top >= 0)
        : undefined);
    if (row) kept = { id: row.dataset.id!, top: row.getBoundingClientRect().top };
  }));

  createEffect(on(ids, () => {
    if (!kept) return;
    const row = body()?.querySelector<HTMLElement>(`tr[data-id="${kept.id}"]`);
    if (row) scrollBy({ top: row.getBoundingClientRect().top - kept.top, behavior: "instant" });
  }));
}
