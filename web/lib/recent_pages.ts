// The things somebody looked at last, in this browser; the palette shows them first.
import { createStoredSignal } from "./stored_signal.ts";

export interface Recent {
  href: string;
  title: string;
}

const MOST = 8;
const [recent, setRecent] = createStoredSignal<Recent[]>("recent", []);
export { recent };

/** Notes that a thing was looked at. Lists and forms for new things are found by their names anyway. */
export function addRecentPage(thing: Recent): void {
  if (!/\/edit\/\d+$/.test(thing.href)) return;
  const others = recent().filter(({ href }) => href !== thing.href);
  setRecent([thing, ...others].slice(0, MOST));
}
