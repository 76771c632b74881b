// How wide a table may be, and whether there is more of it beyond an edge.
import { createSignal, onCleanup, onMount } from "solid-js";

export interface TableRoom {
  /** The width that there is; null until it is measured. Pixels. */
  width(): number | null;
  /** Whether columns are hidden beyond the edge. */
  isMoreAtLeft(): boolean;
  isMoreAtRight(): boolean;
}

/** @param scroller the element in which the table scrolls */
export function createTableRoom(scroller: () => HTMLElement): TableRoom {
  const [width, setWidth] = createSignal<number | null>(null);
  const [hidden, setHidden] = createSignal({ left: 0, right: 0 });
  function measure(): void {
    const { clientWidth, scrollWidth, scrollLeft } = scroller();
    setWidth(clientWidth);
    setHidden({ left: scrollLeft, right: scrollWidth - clientWidth - scrollLeft });
  }
  onMount(() => {
    const element = scroller();
    measure();
    // The table itself is observed as well: it becomes wider when a column is shown or made wider.
    // What is measured changes sizes again, which an observer must not do while it reports.
    let frame = 0;
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(measure);
    });
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    element.addEventListener("scroll", measure, { passive: true });
    onCleanup(() => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      element.removeEventListener("scroll", measure);
    });
  });
  return { width, isMoreAtLeft: () => hidden().left > 1, isMoreAtRight: () => hidden().right > 1 };
}
