// What was just done, said in a corner, with an undo where there is one.
import { Toast as Part, toaster } from "@kobalte/core/toast";
import { Show } from "solid-js";
import { toApiError } from "../lib/api_error.ts";
import { CloseIcon } from "./icons.ts";

interface Told {
  message: string;
  tone?: "good" | "bad";
  undo?: () => Promise<unknown>;
}

/** Says what was done; `undo` offers to take it back. */
export function toast(message: string, options: Omit<Told, "message"> = {}): void {
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
      // A part that says its role itself is no item of a list.
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

/** Says what was refused. */
export function toastError(error: unknown): void {
  toast(toApiError(error).message, { tone: "bad" });
}

/** Does something and says so, or says what was refused. Answers whether it was done. */
export async function runWithToast(
  work: () => Promise<unknown>,
  message: string,
  undo?: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await work();
    toast(message, { undo });
    return true;
  } catch (error) {
    toastError(error);
    return false;
  }
}

/** Where toasts appear; once in the frame. */
export function Toasts() {
  return (
    <Part.Region limit={4}>
      {/* No list in the page's outline: every toast is a message of its own, and a list may hold items alone. */}
      <Part.List
        as="div"
        class="fixed right-4 bottom-4 z-50 flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2 outline-none"
      />
    </Part.Region>
  );
}
