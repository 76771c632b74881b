// Keyboard shortcuts: one key, or two in sequence ("g l"). They are ignored while typing.
import { onCleanup } from "solid-js";

/** Whether a key belongs to a text field, or to an open dialog or menu. */
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

/** The time between two keys of a sequence. */
const KEY_SEQUENCE_TIMEOUT_MS = 1000;

/** Handles shortcuts until the calling component is removed. */
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
