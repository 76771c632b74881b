// A menu of actions or choices below a button.
import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { useNavigate } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { CheckIcon } from "./icons.ts";

export interface MenuItem {
  title: string;
  /** A second line below the title. */
  hint?: string;
  icon?: JSX.Element;
  run?(): void;
  href?: string;
  /** Why it cannot be chosen. */
  disabledReason?: string | null;
  isDangerous?: boolean;
  /** Marks the current choice. */
  isChosen?: boolean;
  /** Whether the menu stays open when it is chosen. */
  stays?: boolean;
}

/** The style of a menu button with text. */
export const menuButtonClass =
  "inline-flex h-8 touch:h-11 items-center gap-1.5 rounded-md border border-line bg-surface px-2.5 text-sm text-ink hover:bg-sunken [&>svg]:size-4 [&>svg]:text-muted";

export function Menu(props: { label: string; items: MenuItem[]; children: JSX.Element; class?: string }) {
  const navigate = useNavigate();
  const choose = (item: MenuItem) => {
    item.run?.();
    if (item.href) navigate(item.href);
  };
  return (
    // Elements that keep the focus inside must not be children of a menu.
    <DropdownMenu gutter={4} placement="bottom-end" modal={false}>
      <DropdownMenu.Trigger
        aria-label={props.label}
        class={props.class ??
          "inline-flex size-8 touch:size-11 items-center justify-center rounded-md border border-line bg-surface text-muted hover:bg-sunken hover:text-ink [&>svg]:size-4"}
      >
        {props.children}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="z-50 max-h-[min(32rem,var(--kb-popper-content-available-height))] min-w-48 overflow-y-auto rounded-md border border-line bg-raised p-1 text-sm shadow-pop outline-none animate-fade-in">
          <For each={props.items}>
            {(item) => (
              <DropdownMenu.Item
                class={`flex min-h-8 touch:min-h-11 items-center gap-2 rounded-sm px-2 py-1 outline-none data-disabled:text-muted data-highlighted:bg-sunken [&>svg]:size-4 ${
                  item.isDangerous ? "text-bad" : ""
                }`}
                disabled={Boolean(item.disabledReason)}
                closeOnSelect={!item.stays}
                onSelect={() => choose(item)}
              >
                {item.icon}
                <span class="flex min-w-0 flex-1 flex-col">
                  <span>{item.title}</span>
                  <Show when={item.disabledReason ?? item.hint}>
                    {(hint) => <span class="text-xs text-muted">{hint()}</span>}
                  </Show>
                </span>
                <Show when={item.isChosen}>
                  <CheckIcon class="size-4" aria-label="chosen" />
                </Show>
              </DropdownMenu.Item>
            )}
          </For>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
