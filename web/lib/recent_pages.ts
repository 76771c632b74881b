// The pages of objects that were opened last in this browser, for the command palette.
import { createStoredSignal } from "./stored_signal.ts";

export interface Recent {
  href: string;
  title: string;
}

const MAX_PAGES = 8;
const [recent, setRecent] = createStoredSignal<Recent[]>("recent", []);
export { recent };

/** Records that a page was opened. Only pages of objects count. */
export function addRecentPage(page: Recent): void {
  if (!/\/edit\/\d+$/.test(page.href)) return;
  const others = recent().filter(({ href }) => href !== page.href);
  setRecent([page, ...others].slice(0, MAX_PAGES));
}
