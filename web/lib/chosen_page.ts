// The page that was asked for and is not shown yet, so that the menu marks it at once.
import { createSignal } from "solid-js";

/** Its path; null while no page is loading. */
export const [chosenPage, setChosenPage] = createSignal<string | null>(null);
