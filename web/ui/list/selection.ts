// Selected rows of a list, kept across pages.
import { createSignal } from "solid-js";
import type { Selection } from "./list.ts";

export function createSelection(): Selection {
  const [selected, setSelected] = createSignal<ReadonlySet<number>>(new Set());
  return {
    ids: () => [...selected()],
    size: () => selected().size,
    has: (id) => selected().has(id),
    set(ids, isSelected) {
      const next = new Set(selected());
      for (const id of ids) isSelected ? next.add(id) : next.delete(id);
      setSelected(next);
    },
    clear: () => setSelected(new Set<number>()),
  };
}
