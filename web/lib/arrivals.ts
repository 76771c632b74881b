// Rows that have just come: marked for a moment, so that the eye finds what is new.
import { createSignal, onCleanup } from "solid-js";
import { type HouseEvent, onEvent } from "./live.ts";

/** A mark stays this long; milliseconds. */
const MARKED = 5000;

/**
 * Which ids have just come.
 *
 * @param idOf the id that comes with an event; null when the event brings none
 */
export function createArrivals(idOf: (event: HouseEvent) => number | null): (id: number) => boolean {
  const [marked, setMarked] = createSignal<ReadonlySet<number>>(new Set());
  const timers = new Set<ReturnType<typeof setTimeout>>();
  onEvent((event) => {
    const id = idOf(event);
    if (id === null) return;
    setMarked(new Set([...marked(), id]));
    const timer = setTimeout(() => {
      timers.delete(timer);
      setMarked(new Set([...marked()].filter((other) => other !== id)));
    }, MARKED);
    timers.add(timer);
  });
  onCleanup(() => timers.forEach(clearTimeout));
  return (id) => marked().has(id);
}
