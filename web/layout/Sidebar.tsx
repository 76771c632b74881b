// The main navigation: a sidebar that collapses to icons, and a drawer on small screens.
import { A, useLocation } from "@solidjs/router";
import { createEffect, For, on, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import { chosenPage } from "../lib/chosen_page.ts";
import { hasRole } from "../features/account/session.ts";
import { CloseIcon, SidebarIcon } from "../ui/icons.ts";
import { Modal, ModalCloseButton } from "../ui/Modal.tsx";
import { groups, isWithin } from "./navigation.ts";

interface SidebarProps {
  isNarrow: boolean;
  toggleNarrow(): void;
  /** Whether the drawer is open. */
  isOpen: boolean;
  close(): void;
}

export function Sidebar(props: SidebarProps) {
  return (
    <>
      <nav
        aria-label="Main"
        class={`sticky top-0 hidden h-dvh shrink-0 flex-col border-r border-line bg-surface md:flex print:hidden ${
          props.isNarrow ? "w-14" : "w-56"
        }`}
      >
        <div class={`flex h-12 items-center ${props.isNarrow ? "justify-center" : "px-4"}`}>
          <Mark isNarrow={props.isNarrow} />
        </div>
        <NavigationLinks isNarrow={props.isNarrow} />
        <button
          type="button"
          class="m-2 flex h-8 items-center gap-2 rounded-md px-2 text-sm text-muted hover:bg-sunken hover:text-ink"
          aria-label={props.isNarrow ? "Expand sidebar" : "Collapse sidebar"}
          onClick={() => props.toggleNarrow()}
        >
          <SidebarIcon class="size-4" />
          <Show when={!props.isNarrow}>Collapse</Show>
        </button>
      </nav>
      <Drawer isOpen={props.isOpen} close={props.close} />
    </>
  );
}

function Drawer(props: { isOpen: boolean; close(): void }) {
  return (
    <Modal
      label="Menu"
      isOpen={props.isOpen}
      close={props.close}
      place=""
      class="h-full w-72 max-w-[85vw] animate-fade-in"
    >
      <div class="flex h-12 items-center justify-between pl-4">
        <Mark isNarrow={false} />
        <ModalCloseButton
          class="inline-flex size-11 items-center justify-center text-muted"
          aria-label="Close menu"
        >
          <CloseIcon class="size-5" />
        </ModalCloseButton>
      </div>
      <nav aria-label="Main" class="flex min-h-0 flex-1 flex-col">
        <NavigationLinks isNarrow={false} chosen={props.close} />
      </nav>
    </Modal>
  );
}

function Mark(props: { isNarrow: boolean }) {
  return (
    <A
      href="/dashboard"
      class="flex items-center gap-2 font-semibold tracking-tight"
      aria-label="Latchkey dashboard"
    >
      <img src="/latchkey.svg" alt="" class="size-6" />
      <Show when={!props.isNarrow}>Latchkey</Show>
    </A>
  );
}

function NavigationLinks(props: { isNarrow: boolean; chosen?: () => void }) {
  const location = useLocation();
  let list!: HTMLDivElement;
  // The palette and links of a page lead to entries that are beyond the edge.
  createEffect(on(() => location.pathname, () => {
    list.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest" });
  }));
  return (
    <div ref={list} class="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
      <For each={groups}>
        {(group) => {
          const items = () => group.items.filter(({ role }) => hasRole(role ?? "viewer"));
          return (
            <Show when={items().length > 0}>
              <div role="group" aria-label={group.title} class="mt-3 first:mt-1">
                <Show when={!props.isNarrow} fallback={<div class="mx-2 mb-1 border-t border-line" />}>
                  <p class="px-2 pb-1 text-xs font-medium text-muted" aria-hidden="true">{group.title}</p>
                </Show>
                <ul class="flex flex-col gap-px">
                  <For each={items()}>
                    {(item) => (
                      <li>
                        <A
                          href={item.href}
                          class={`flex h-8 touch:h-11 items-center gap-2 rounded-md px-2 text-sm ${
                            isWithin(item, chosenPage() ?? location.pathname)
                              ? "bg-accent-soft font-medium text-accent"
                              : "text-ink hover:bg-sunken"
                          }`}
                          aria-current={isWithin(item, location.pathname) ? "page" : undefined}
                          aria-label={props.isNarrow ? item.title : undefined}
                          title={props.isNarrow ? item.title : undefined}
                          onClick={() => props.chosen?.()}
                        >
                          <Dynamic component={item.icon} class="size-4 shrink-0" aria-hidden="true" />
                          <Show when={!props.isNarrow}>{item.title}</Show>
                        </A>
                      </li>
                    )}
                  </For>
                </ul>
              </div>
            </Show>
          );
        }}
      </For>
    </div>
  );
}
