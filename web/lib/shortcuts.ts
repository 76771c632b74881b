// Keyboard shortcuts: one key, or one after another ("g l"), never while somebody types.
import { onCleanup } from "solid-js";

/** Whether a key goes into a field, or belongs to an open dialog or menu. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName) &&
      (target as HTMLInputElement).type !== "checkbox" ||
    target.closest("[role=dialog], [role=menu], [role=listbox]") !== null;
}

export interface Shortcut {
  /** "?", "g l". */
  keys: string;
  title: string;
  run(): void;
}

/** Time between two keys of one shortcut; milliseconds. */
const PATIENCE = 1000;

/** Heeds shortcuts for as long as the caller's part of the page is there. */
export function useShortcuts(shortcuts: () => Shortcut[]): void {
  let before = "";
  let at = 0;
  function heed(event: KeyboardEvent): void {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const pair = performance.now() - at < PATIENCE ? `${before} ${event.key}` : event.key;
    const found = shortcuts().find(({ keys }) => keys === pair) ??
      shortcuts().find(({ keys }) => keys === event.key);
    before = event.key;
    at = performance.now();
    if (!found) return;
    event.preventDefault();
    before = "";
    found.run();
  }
  document.addEventListener("keydown", heed);
  onCleanup(() => document.removeEventListener("keydown", heed));
}
