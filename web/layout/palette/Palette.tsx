// The command palette: a field with a list of results below it. It follows the ARIA combobox pattern with list
// autocomplete.
import { useNavigate } from "@solidjs/router";
import { createEffect, createMemo, createSignal, createUniqueId, For, on, onCleanup, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import { SearchIcon } from "../../ui/icons.ts";
import { Modal } from "../../ui/Modal.tsx";
import { toastError } from "../../ui/Toasts.tsx";
import type { Entry } from "./actions.ts";
import { foundSections, knownSections, type Section } from "./entries.ts";
import { isPaletteOpen, openPalette } from "./palette_state.ts";

/** The pause in typing before the API is queried; milliseconds. */
const DEBOUNCE_MS = 120;

export function Palette() {
  return (
    <Modal
      label="Search and commands"
      isOpen={isPaletteOpen()}
      close={() => openPalette(false)}
      place="items-start justify-center p-4 pt-[12vh]"
      class="max-h-[70vh] w-full max-w-xl rounded-lg animate-fade-in"
    >
      <Inside />
    </Modal>
  );
}

function Inside() {
  const navigate = useNavigate();
  const id = createUniqueId();
  const [typed, setTyped] = createSignal("");
  const [found, setFound] = createSignal<Section[]>([]);
  const [isSearching, setIsSearching] = createSignal(false);
  const [at, setAt] = createSignal(0);
  let input!: HTMLInputElement;
  let list: HTMLDivElement | undefined;

  const sections = createMemo(() => [...found(), ...knownSections(typed())]);
  const entries = createMemo(() => sections().flatMap(({ entries }) => entries));
  /** References to elements are separated by blanks, so none may have one. */
  const domId = (entry: Entry) => `${id}-${entry.id.replaceAll(/\W+/g, "-")}`;
  const current = () => entries()[Math.min(at(), entries().length - 1)];

  let timer: ReturnType<typeof setTimeout> | undefined;
  let latestRequest = 0;
  onCleanup(() => clearTimeout(timer));
  createEffect(on(typed, (text) => {
    setAt(0);
    clearTimeout(timer);
    const request = ++latestRequest;
    if (text.trim() === "") {
      setFound([]);
      setIsSearching(false);
      return;
    }
    setIsSearching(true);
    timer = setTimeout(async () => {
      try {
        const sections = await foundSections(text);
        // The result of an outdated request is dropped.
        if (request === latestRequest) setFound(sections);
      } catch (error) {
        toastError(error);
      } finally {
        if (request === latestRequest) setIsSearching(false);
      }
    }, DEBOUNCE_MS);
  }));
  createEffect(
    on(at, () => list?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" })),
  );

  function choose(entry: Entry | undefined, inNewTab = false): void {
    if (!entry) return;
    if (entry.fill) {
      setTyped(entry.fill);
      input.focus();
      return;
    }
    openPalette(false);
    entry.run?.();
    if (entry.href && inNewTab) open(entry.href, "_blank");
    else if (entry.href) navigate(entry.href);
  }

  function handleKey(event: KeyboardEvent): void {
    const count = entries().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (count > 0) setAt((at() + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(current(), event.ctrlKey || event.metaKey);
    }
  }

  return (
    <>
      <div class="flex items-center gap-2 border-b border-line px-4">
        <SearchIcon class="size-4 shrink-0 text-muted" aria-hidden="true" />
        <input
          ref={input}
          class="h-12 min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-muted"
          placeholder="Search, or type a command such as “disable”"
          aria-label="Search and commands"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={current() ? domId(current()) : undefined}
          autocomplete="off"
          spellcheck={false}
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={handleKey}
        />
        <kbd class="text-xs text-muted max-sm:hidden">Esc</kbd>
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label="Results"
        class="min-h-0 overflow-y-auto p-1"
      >
        <For each={sections()}>
          {(section) => (
            <div role="group" aria-label={section.title}>
              <p class="px-3 pt-2 pb-1 text-xs font-medium text-muted" aria-hidden="true">{section.title}</p>
              <For each={section.entries}>
                {(entry) => (
                  <div
                    id={domId(entry)}
                    role="option"
                    aria-selected={current()?.id === entry.id}
                    class="flex min-h-9 touch:min-h-11 cursor-pointer items-center gap-3 rounded-md px-3 py-1 text-sm aria-selected:bg-sunken"
                    onMouseMove={() => setAt(entries().indexOf(entry))}
                    onClick={(event) => choose(entry, event.ctrlKey || event.metaKey)}
                  >
                    <Dynamic component={entry.icon} class="size-4 shrink-0 text-muted" aria-hidden="true" />
                    <span class="min-w-0 flex-1 truncate">{entry.title}</span>
                    <Show when={entry.hint}>
                      <span class="max-w-[50%] truncate text-xs text-muted">{entry.hint}</span>
                    </Show>
                    <Show when={entry.keys}>
                      <kbd class="text-xs text-muted">{entry.keys}</kbd>
                    </Show>
                  </div>
                )}
              </For>
            </div>
          )}
        </For>
      </div>
      <Show when={entries().length === 0}>
        <p class="px-4 py-6 text-center text-sm text-muted" role="status">
          {isSearching()
            ? "Searching"
            : `No results for “${typed().trim()}”. Try part of a name, key, email or device.`}
        </p>
      </Show>
    </>
  );
}
