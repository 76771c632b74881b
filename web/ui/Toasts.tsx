// Short notifications in a corner, with an undo where there is one. Each names the object it is about.
import { Toast as Part, toaster } from "@kobalte/core/toast";
import { createSignal, createUniqueId, onCleanup, onMount, Show } from "solid-js";
import { toApiError } from "../lib/api_error.ts";
import { CloseIcon } from "./icons.ts";

interface ToastOptions {
  message: string;
  tone?: "good" | "bad";
  undo?: () => Promise<unknown>;
}

/** The undo of each notification that is shown, the newest last; null for one without. */
const [shown, setShown] = createSignal<((() => Promise<void>) | null)[]>([]);

/** The shortcut of the newest notification's undo. */
export const UNDO_KEY = "u";

/** Undoes what the newest notification is about. Returns whether there is one. */
export function undoNewest(): boolean {
  const undo = shown().findLast((undo) => undo !== null);
  void undo?.();
  return Boolean(undo);
}

/** Shows a notification. `undo` adds a button. */
export function toast(message: string, options: Omit<ToastOptions, "message"> = {}): void {
  toaster.show((props) => {
    const id = createUniqueId();
    // Where there are several, their buttons are told apart by their names.
    const nameOf = (action: string) => shown().length > 1 ? `${action}: ${message}` : action;
    const undo = async () => {
      toaster.dismiss(props.toastId);
      try {
        await options.undo!();
        toast(`Undone: ${message}`);
      } catch (error) {
        toastError(error);
      }
    };
    const own = options.undo ? undo : null;
    setShown((undos) => [...undos, own]);
    onCleanup(() => setShown((undos) => undos.toSpliced(undos.lastIndexOf(own), 1)));
    return (
      // An element with a role of its own must not be a list item.
      <Part
        as="div"
        toastId={props.toastId}
        duration={options.tone === "bad" || options.undo ? 12_000 : 5000}
        class={`flex items-center gap-3 rounded-md border bg-raised py-2 pr-2 pl-3 text-sm shadow-pop animate-slide-in ${
          options.tone === "bad" ? "border-bad text-bad" : "border-line"
        }`}
      >
        <Part.Description id={id} class="min-w-0 flex-1 break-words">{message}</Part.Description>
        <Show when={options.undo}>
          <kbd class="text-xs text-muted touch:hidden" aria-hidden="true">{UNDO_KEY}</kbd>
          <button
            type="button"
            class="h-8 touch:h-11 rounded-md px-2 font-medium text-accent hover:bg-sunken"
            aria-label={nameOf("Undo")}
            aria-describedby={id}
            aria-keyshortcuts={UNDO_KEY}
            onClick={() => void undo()}
          >
            Undo
          </button>
        </Show>
        <Part.CloseButton
          class="inline-flex size-8 touch:size-11 items-center justify-center rounded-md text-muted hover:bg-sunken"
          aria-label={nameOf("Dismiss")}
          aria-describedby={id}
        >
          <CloseIcon class="size-4" />
        </Part.CloseButton>
      </Part>
    );
  });
}

/** Shows an error. */
export function toastError(error: unknown): void {
  toast(toApiError(error).message, { tone: "bad" });
}

/**
 * Runs an action and shows a notification, or its error. Returns whether it succeeded.
 *
 * @param work an action that can be undone resolves to whether it changed something: what someone else did before is not
 *   undone
 */
export async function runWithToast(work: () => Promise<unknown>, message: string): Promise<boolean>;
export async function runWithToast(
  work: () => Promise<boolean>,
  message: string,
  undo: () => Promise<unknown>,
): Promise<boolean>;
export async function runWithToast(
  work: () => Promise<unknown>,
  message: string,
  undo?: () => Promise<unknown>,
): Promise<boolean> {
  try {
    const changed = await work();
    if (undo && changed === false) toast(`No changes. Already done: ${message}`);
    else toast(message, { undo: changed === true ? undo : undefined });
    return true;
  } catch (error) {
    toastError(error);
    return false;
  }
}

/** The distance of the notifications from the edges of the window, and from what ends above them; pixels. */
const MARGIN = 16;

/** Whether an element is in the lowest part of the window. */
function isBelow(element: HTMLElement, height: number): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return top < innerHeight && bottom > innerHeight - height;
}

/** The container of all notifications. The page ends above them, so that they cover no control for good. */
export function Toasts() {
  let list!: HTMLElement;
  onMount(() => {
    const observer = new ResizeObserver(() => {
      const height = list.childElementCount > 0 ? list.offsetHeight + 2 * MARGIN : 0;
      document.documentElement.style.setProperty("--toasts", `${height}px`);
      // What has the focus stays visible.
      const focused = document.querySelector<HTMLElement>(
        "a:focus, button:focus, input:focus, textarea:focus",
      );
      if (focused && !list.contains(focused) && isBelow(focused, height)) {
        focused.scrollIntoView({ block: "nearest" });
      }
    });
    observer.observe(list);
    onCleanup(() => observer.disconnect());
  });
  return (
    <Part.Region limit={4}>
      {/* Not a list: each notification has the role status, and a list may contain list items only. */}
      <Part.List
        ref={list}
        as="div"
        class="fixed right-4 bottom-4 z-50 flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2 outline-none print:hidden"
      />
    </Part.Region>
  );
}
