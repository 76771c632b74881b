// Modal dialogs: centered, or as a drawer from the right.
import { Dialog as Part } from "@kobalte/core/dialog";
import { type JSX, Show } from "solid-js";
import { CloseIcon } from "./icons.ts";

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

const positions = {
  middle: "m-auto w-full max-w-lg rounded-lg max-h-[calc(100dvh-2rem)] animate-fade-in",
  wide: "m-auto w-full max-w-4xl rounded-lg max-h-[calc(100dvh-2rem)] animate-fade-in",
  drawer: "ml-auto h-dvh w-full max-w-2xl animate-slide-in",
};

export function Dialog(props: DialogProps) {
  let content!: HTMLElement;
  return (
    <Part
      open={props.isOpen}
      onOpenChange={(isOpen) => {
        // The focus that another dialog restores must not close it either.
        if (!isOpen && !props.stays) props.close();
      }}
    >
      <Part.Portal>
        <Part.Overlay class="fixed inset-0 z-40 bg-veil animate-fade-in" />
        <div class={`fixed inset-0 z-40 flex ${props.variant === "drawer" ? "" : "p-4"}`}>
          <Part.Content
            ref={content}
            class={`flex flex-col overflow-hidden border border-line bg-raised shadow-pop outline-none ${
              positions[props.variant ?? "middle"]
            }`}
            onOpenAutoFocus={(event) => {
              // The field with the autofocus attribute, if any.
              const first = content.querySelector<HTMLElement>("[autofocus]");
              if (!first) return;
              event.preventDefault();
              // The focus trap of a dialog below this one is released after this effect; until then it takes the focus back.
              setTimeout(() => first.focus());
            }}
            onPointerDownOutside={(event) => props.stays && event.preventDefault()}
            onEscapeKeyDown={(event) => props.stays && event.preventDefault()}
          >
            <header class="flex items-start justify-between gap-4 border-b border-line px-4 py-3">
              <div class="min-w-0">
                <Part.Title class="text-md font-semibold break-words">{props.title}</Part.Title>
                <Show when={props.hint}>
                  <Part.Description as="div" class="mt-0.5 text-sm text-muted">{props.hint}</Part.Description>
                </Show>
              </div>
              <Show when={!props.stays}>
                <Part.CloseButton
                  class="inline-flex size-8 touch:size-11 shrink-0 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
                  aria-label="Close"
                >
                  <CloseIcon class="size-4" />
                </Part.CloseButton>
              </Show>
            </header>
            <div
              class="min-h-0 flex-1 overflow-y-auto p-4"
              tabindex="0"
              role="group"
              aria-label={props.title}
            >
              {props.children}
            </div>
          </Part.Content>
        </div>
      </Part.Portal>
    </Part>
  );
}
