// Short notifications in a corner, with an undo where there is one.
import { Toast as Part, toaster } from "@kobalte/core/toast";
import { Show } from "solid-js";
import { toApiError } from "../lib/api_error.ts";
import { CloseIcon } from "./icons.ts";

interface ToastOptions {
  message: string;
  tone?: "good" | "bad";
  undo?: () => Promise<unknown>;
}

/** Shows a notification. `undo` adds a button. */
export function toast(message: string, options: Omit<ToastOptions, "message"> = {}): void {
  toaster.show((props) => {
    const undo = async () => {
      toaster.dismiss(props.toastId);
      try {
        await options.undo!();
        toast("Undone.");
      } catch (error) {
        toastError(error);
      }
    };
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
        <Part.Description class="min-w-0 flex-1 break-words">{message}</Part.Description>
        <Show when={options.undo}>
          <button
            type="button"
            class="h-8 touch:h-11 rounded-md px-2 font-medium text-accent hover:bg-sunken"
            onClick={undo}
          >
            Undo
          </button>
        </Show>
        <Part.CloseButton
          class="inline-flex size-8 touch:size-11 items-center justify-center rounded-md text-muted hover:bg-sunken"
          aria-label="Dismiss"
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
    if (undo && changed === false) toast("No changes. This was already done.");
    else toast(message, { undo: changed === true ? undo : undefined });
    return true;
  } catch (error) {
    toastError(error);
    return false;
  }
}

/** The container of all notifications. */
export function Toasts() {
  return (
    <Part.Region limit={4}>
      {/* Not a list: each notification has the role status, and a list may contain list items only. */}
      <Part.List
        as="div"
        class="fixed right-4 bottom-4 z-50 flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2 outline-none"
      />
    </Part.Region>
  );
}
