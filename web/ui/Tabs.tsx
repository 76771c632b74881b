// Tabs. The selected one is kept in the URL.
import { Tabs as Part } from "@kobalte/core/tabs";
import { Index, type JSX, Show, untrack } from "solid-js";
import { useAddressState } from "../lib/address_state.ts";

export interface Tab {
  id: string;
  title: string;
  /** A number beside the title. */
  count?: string | number | null;
  content: () => JSX.Element;
}

/**
 * @param props.name the URL parameter; needed for tabs within tabs
 */
export function Tabs(props: { tabs: Tab[]; label: string; name?: string }) {
  const name = () => props.name ?? "tab";
  // The query of a list in one tab does not apply to the list in another.
  const listQuery = { q: undefined, sort: undefined, cursor: undefined };
  const [state, set] = useAddressState<Record<string, string | undefined>>({});
  const open = () => props.tabs.find(({ id }) => id === state[name()])?.id ?? props.tabs[0].id;
  return (
    <Part
      value={open()}
      onChange={(tab) =>
        tab !== open() &&
        set({ ...listQuery, [name()]: tab === props.tabs[0].id ? undefined : tab }, { replace: true })}
      class="flex min-w-0 flex-col gap-4"
    >
      <Part.List aria-label={props.label} class="flex gap-1 overflow-x-auto border-b border-line">
        <Index each={props.tabs}>
          {(tab) => (
            <Part.Trigger
              value={tab().id}
              class="-mb-px inline-flex h-9 touch:h-11 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-3 text-sm text-muted hover:text-ink data-selected:border-accent data-selected:font-medium data-selected:text-ink"
            >
              {tab().title}
              <Show when={tab().count !== undefined && tab().count !== null}>
                <span class="rounded-full bg-sunken px-1.5 text-xs text-muted">{tab().count}</span>
              </Show>
            </Part.Trigger>
          )}
        </Index>
      </Part.List>
      <Index each={props.tabs}>
        {(tab) => (
          <Part.Content value={tab().id} class="min-w-0 outline-none">
            {/* Untracked: a changed count must not recreate the content. */}
            <Show when={open() === tab().id}>{untrack(() => tab().content())}</Show>
          </Part.Content>
        )}
      </Index>
    </Part>
  );
}
