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
const KEY_SEQUENCE_TIMEOUT_MS = 1000;

/** Heeds shortcuts for as long as the caller's part of the page is there. */
export function useShortcuts(shortcuts: () => Shortcut[]): void {
  let before = "";
  let at = 0;
  function handleKey(event: KeyboardEvent): void {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const pair = performance.now() - at < KEY_SEQUENCE_TIMEOUT_MS ? `${before} ${event.key}` : event.key;
    const found = shortcuts().find(({ keys }) => keys === pair) ??
      shortcuts().find(({ keys }) => keys === event.key);
    before = event.key;
    at = performance.now();
    if (!found) return;
    event.preventDefault();
    before = "";
    found.run();
  }
  document.addEventListener("keydown", handleKey);
  onCleanup(() => document.removeEventListener("keydown", handleKey));
}
