// Selected rows of a list. They stay selected on other pages, with other filters, and when the page is loaded again in the
// browser; leaving the list forgets them.
import { createSignal, onCleanup } from "solid-js";
import type { Selection } from "./list.ts";

/** @param name of the list, under which the tab keeps the selection */
export function createSelection(name: string): Selection {
  const key = `latchkey.selection.${name}`;
  const [selected, setSelected] = createSignal<ReadonlySet<number>>(new Set(read(key)));
  let lastChosen: number | null = null;
  function set(ids: number[], isSelected: boolean): void {
    const next = new Set(selected());
    for (const id of ids) isSelected ? next.add(id) : next.delete(id);
    store(next);
  }
  function store(next: ReadonlySet<number>): void {
    setSelected(next);
    if (next.size > 0) sessionStorage.setItem(key, JSON.stringify([...next]));
    else sessionStorage.removeItem(key);
  }
  onCleanup(() => sessionStorage.removeItem(key));
  return {
    ids: () => [...selected()],
    size: () => selected().size,
    has: (id) => selected().has(id),
    set,
    choose(id, isSelected, { rows, isRange }) {
      const [from, to] = [rows.indexOf(lastChosen ?? id), rows.indexOf(id)].sort((a, b) => a - b);
      // The row that was chosen last may be on another page.
      set(isRange && from >= 0 ? rows.slice(from, to + 1) : [id], isSelected);
      lastChosen = id;
    },
    clear: () => store(new Set<number>()),
  };
}

function read(key: string): number[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    return Array.isArray(stored) ? stored.filter((id) => Number.isSafeInteger(id)) : [];
  } catch {
    return [];
  }
}
