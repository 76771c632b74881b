// The pages of objects that were opened last in this browser, for the command palette.
import { createStoredSignal } from "./stored_signal.ts";

export interface Recent {
  href: string;
  title: string;
}

const MAX_PAGES = 8;
const [recent, setRecent] = createStoredSignal<Recent[]>("recent", []);
const [owner, setOwner] = createStoredSignal<number | null>("recent_owner", null);
export { recent };

/** Forgets the pages: their titles name customers and users. */
export function clearRecentPages(): void {
  setRecent([]);
}

/** Keeps the pages of this administrator and forgets those of another. */
export function keepRecentPagesOf(administratorId: number): void {
  if (owner() !== administratorId) clearRecentPages();
  setOwner(administratorId);
}

/** Records that a page was opened. Only pages of objects count. */
export function addRecentPage(page: Recent): void {
  if (!/\/edit\/\d+$/.test(page.href)) return;
  const others = recent().filter(({ href }) => href !== page.href);
  setRecent([page, ...others].slice(0, MAX_PAGES));
}
