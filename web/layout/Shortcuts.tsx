// The global keyboard shortcuts and the dialog that lists all shortcuts.
import { useNavigate } from "@solidjs/router";
import { createSignal, For, onCleanup, onMount } from "solid-js";
import { isTyping, type Shortcut, useShortcuts } from "../lib/shortcuts.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { UNDO_KEY, undoNewest } from "../ui/Toasts.tsx";
import { allowedActions, allowedPages } from "./palette/actions.ts";
import { isPaletteOpen, openPalette } from "./palette/palette_state.ts";

/** A shortcut that the list of notifications handles. */
const ofToasts = { keys: "Alt T", title: "Go to the messages" };

/** Shortcuts that lists handle. */
const inLists = [
  { keys: "j", title: "Next row" },
  { keys: "k", title: "Previous row" },
  { keys: "Enter", title: "Open row" },
  { keys: "e", title: "Edit row" },
  { keys: "Space", title: "Select row" },
];

export function Shortcuts() {
  const navigate = useNavigate();
  const [isOpen, setIsOpen] = createSignal(false);
  const shortcuts = (): Shortcut[] => [
    { keys: "/", title: "Search and commands", run: () => openPalette(true) },
    { keys: "?", title: "Keyboard shortcuts", run: () => setIsOpen(true) },
    { keys: UNDO_KEY, title: "Undo the last change, while its message is shown", run: undoNewest },
    ...[...allowedPages(), ...allowedActions()].flatMap(({ keys, title, href }) =>
      keys && href ? [{ keys, title, run: () => navigate(href) }] : []
    ),
  ];
  useShortcuts(shortcuts);

  function handleKey(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    // Ctrl-K works in text fields, too.
    if (key === "k") {
      event.preventDefault();
      openPalette(!isPaletteOpen());
    } else if (key === "z" && !event.shiftKey && !isTyping(event) && undoNewest()) {
      event.preventDefault();
    }
  }
  onMount(() => document.addEventListener("keydown", handleKey));
  onCleanup(() => document.removeEventListener("keydown", handleKey));

  return (
    <Dialog title="Keyboard shortcuts" isOpen={isOpen()} close={() => setIsOpen(false)}>
      <dl class="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5 text-sm">
        <For each={[{ keys: "Ctrl K", title: "Search and commands" }, ...shortcuts(), ofToasts, ...inLists]}>
          {({ keys, title }) => (
            <>
              <dt class="flex gap-1">
                <For each={keys.split(" ")}>
                  {(key) => (
                    <kbd class="inline-flex h-6 min-w-6 items-center justify-center rounded-sm border border-line bg-sunken px-1.5 text-xs">
                      {key}
                    </kbd>
                  )}
                </For>
              </dt>
              <dd>{title}</dd>
            </>
          )}
        </For>
      </dl>
    </Dialog>
  );
}
