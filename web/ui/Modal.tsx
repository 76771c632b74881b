// The frame of everything modal: dialogs, drawers and the command palette. It starts in the first field and keeps the focus
// inside; closing it leads the focus back to where it was.
import { Dialog as Part } from "@kobalte/core/dialog";
import type { JSX } from "solid-js";
import { focusFirstField, MODAL, returnFocus } from "./focus.ts";

/** The title and the description of a modal, and its button that closes it. */
export const { Title: ModalTitle, Description: ModalDescription, CloseButton: ModalCloseButton } = Part;

/**
 * @param props.label the accessible name, where there is no `ModalTitle`
 * @param props.stays whether Escape and clicks outside do not close it
 * @param props.place where it is on the screen
 * @param props.class its look
 */
export function Modal(
  props: {
    isOpen: boolean;
    close(): void;
    label?: string;
    stays?: boolean;
    place: string;
    class: string;
    children: JSX.Element;
  },
) {
  let content!: HTMLElement;
  return (
    <Part
      open={props.isOpen}
      onOpenChange={(isOpen) => {
        // The focus that another modal restores must not close it either.
        if (!isOpen && !props.stays) props.close();
      }}
    >
      <Part.Portal>
        <Part.Overlay class="fixed inset-0 z-40 bg-veil animate-fade-in" />
        {/* Notifications stay visible below it. */}
        <div class={`fixed inset-0 bottom-(--toasts) z-40 flex ${props.place}`}>
          <Part.Content
            ref={content}
            {...{ [MODAL]: "" }}
            aria-label={props.label}
            class={`flex flex-col overflow-hidden border border-line bg-raised shadow-pop outline-none ${props.class}`}
            onOpenAutoFocus={(event) => {
              event.preventDefault();
              // The focus trap of a modal below this one is released after this effect; until then it takes the focus back.
              setTimeout(() => focusFirstField(content));
            }}
            // A click outside takes the focus after it has been led back.
            onCloseAutoFocus={() => returnFocus()}
            onPointerDownOutside={(event) => props.stays && event.preventDefault()}
            onEscapeKeyDown={(event) => props.stays && event.preventDefault()}
          >
            {props.children}
          </Part.Content>
        </div>
      </Part.Portal>
    </Part>
  );
}
