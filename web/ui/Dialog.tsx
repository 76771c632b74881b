// Modal dialogs: centered, or as a drawer from the right.
import { type JSX, Show } from "solid-js";
import { CloseIcon } from "./icons.ts";
import { Modal, ModalCloseButton, ModalDescription, ModalTitle } from "./Modal.tsx";

export interface DialogProps {
  title: string;
  isOpen: boolean;
  close(): void;
  /** A description below the title. */
  hint?: JSX.Element;
  variant?: "middle" | "wide" | "drawer";
  /** Whether Escape and clicks outside do not close it. */
  stays?: boolean;
  children: JSX.Element;
}

const shapes = {
  middle: "m-auto w-full max-w-lg rounded-lg max-h-full animate-fade-in",
  wide: "m-auto w-full max-w-4xl rounded-lg max-h-full animate-fade-in",
  drawer: "ml-auto h-full w-full max-w-2xl animate-slide-in",
};

export function Dialog(props: DialogProps) {
  return (
    <Modal
      isOpen={props.isOpen}
      close={props.close}
      stays={props.stays}
      place={props.variant === "drawer" ? "" : "p-4"}
      class={shapes[props.variant ?? "middle"]}
    >
      <header class="flex items-start justify-between gap-4 border-b border-line px-4 py-3">
        <div class="min-w-0">
          <ModalTitle class="text-md font-semibold break-words">{props.title}</ModalTitle>
          <Show when={props.hint}>
            <ModalDescription as="div" class="mt-0.5 text-sm text-muted">{props.hint}</ModalDescription>
          </Show>
        </div>
        <Show when={!props.stays}>
          <ModalCloseButton
            class="inline-flex size-8 touch:size-11 shrink-0 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
            aria-label="Close"
          >
            <CloseIcon class="size-4" />
          </ModalCloseButton>
        </Show>
      </header>
      <div
        class="min-h-0 flex-1 overflow-y-auto p-4 -outline-offset-2"
        tabindex="0"
        role="group"
        aria-label={props.title}
      >
        {props.children}
      </div>
    </Modal>
  );
}
