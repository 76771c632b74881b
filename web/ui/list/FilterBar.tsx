// The bar above a list: search, filters, saved views, columns and export.
import { createEffect, createSignal, For, onCleanup, Show } from "solid-js";
import { CloseIcon, ExportIcon, FilterIcon, SearchIcon, StarIcon } from "../icons.ts";
import { inputClass } from "../Field.tsx";
import { Menu, menuButtonClass, type MenuItem } from "../Menu.tsx";
import { ColumnMenu } from "./ColumnMenu.tsx";
import { FilterDialog } from "./FilterDialog.tsx";
import { SaveView } from "./SaveView.tsx";
import type { Column, Filter, ListState } from "./list.ts";

/** The pause in typing before the search runs; milliseconds. */
const DEBOUNCE_MS = 200;

export function FilterBar<Row>(
  props: {
    many: string;
    state: ListState;
    filters: Filter[];
    columns: Column<Row>[];
    searchedFields?: string;
    shortTextAtStart?: boolean;
    exportHref?(format: "csv" | "xlsx"): string;
  },
) {
  const query = () => props.state.query();
  const [open, setOpen] = createSignal<Filter | null>(null);
  const [isSaving, setIsSaving] = createSignal(false);
  const isFiltered = () => props.state.search() !== "";

  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const [typed, setTyped] = createSignal(query().q ?? "");
  createEffect(() => setTyped(query().q ?? ""));
  function type(text: string): void {
    setTyped(text);
    clearTimeout(timer);
    timer = setTimeout(
      () => props.state.change({ q: text.trim() || undefined }, { replace: true }),
      DEBOUNCE_MS,
    );
  }

  const filterItems = (): MenuItem[] =>
    props.filters.map((filter) => ({
      title: filter.title,
      isChosen: filter.name in query().filters,
      run: () => setOpen(filter),
    }));
  const viewItems = (): MenuItem[] => [
    ...props.state.views().map((view) => ({
      title: view.name,
      isChosen: view.search === props.state.search(),
      run: () => props.state.show(view.search),
    })),
    {
      title: "Save view…",
      disabledReason: isFiltered() ? null : "Add a filter or sort first.",
      run: () => setIsSaving(true),
    },
    ...props.state.views().filter((view) => view.search === props.state.search()).map((view) => ({
      title: `Delete view “${view.name}”`,
      isDangerous: true,
      run: () => props.state.setViews(props.state.views().filter((other) => other.name !== view.name)),
    })),
  ];

  return (
    <div class="flex flex-wrap items-center gap-2 border-b border-line p-2">
      <Show when={props.searchedFields}>
        <div class="relative min-w-48 flex-1 md:max-w-80">
          <SearchIcon class="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted" />
          <input
            type="search"
            class={`${inputClass} pl-8`}
            placeholder={`Search by ${props.searchedFields}…`}
            aria-label={`Search ${props.many} by ${props.searchedFields}`}
            value={typed()}
            onInput={(event) => type(event.currentTarget.value)}
          />
        </div>
        <Show when={props.shortTextAtStart && [1, 2].includes(typed().trim().length)}>
          <span role="status" class="text-xs text-muted">
            One or two characters match only the beginning.
          </span>
        </Show>
      </Show>
      <Show when={props.filters.length > 0}>
        <Menu label="Add filter" items={filterItems()} class={menuButtonClass}>
          <FilterIcon /> Filter
        </Menu>
      </Show>
      <For each={props.filters.filter((filter) => filter.name in query().filters)}>
        {(filter) => (
          <span class="inline-flex h-8 touch:h-11 max-w-72 items-center rounded-md bg-accent-soft text-sm text-accent">
            <button
              type="button"
              class="h-full min-w-0 truncate rounded-l-md pl-2.5"
              onClick={() => setOpen(filter)}
            >
              {filter.title}:{" "}
              <strong class="font-medium">
                <Value filter={filter} value={query().filters[filter.name]} />
              </strong>
            </button>
            <button
              type="button"
              class="inline-flex h-full w-8 touch:w-11 shrink-0 items-center justify-center rounded-r-md hover:brightness-90"
              aria-label={`Remove filter ${filter.title}`}
              onClick={() => props.state.change({ [filter.name]: undefined })}
            >
              <CloseIcon class="size-3.5" />
            </button>
          </span>
        )}
      </For>
      <div class="ml-auto flex items-center gap-2">
        <Menu label="Saved views" items={viewItems()} class={menuButtonClass}>
          <StarIcon /> <span class="max-sm:sr-only">Views</span>
        </Menu>
        <ColumnMenu state={props.state} columns={props.columns} />
        <Show when={props.exportHref}>
          {(href) => (
            <Menu
              label="Export (current view)"
              items={[
                { title: "CSV", run: () => location.assign(href()("csv")) },
                { title: "Excel (.xlsx)", run: () => location.assign(href()("xlsx")) },
              ]}
            >
              <ExportIcon />
            </Menu>
          )}
        </Show>
      </div>
      <Show when={open()}>
        {(filter) => (
          <FilterDialog
            filter={filter()}
            value={query().filters[filter().name]}
            close={() => setOpen(null)}
            choose={(value) => props.state.change({ [filter().name]: value })}
          />
        )}
      </Show>
      <SaveView isOpen={isSaving()} close={() => setIsSaving(false)} state={props.state} />
    </div>
  );
}

/** The value of a filter as text. */
function Value(props: { filter: Filter; value: string }) {
  const [name, setName] = createSignal(props.value);
  createEffect(() => {
    const { kind } = props.filter;
    const { value } = props;
    if (typeof kind === "string") setName(value);
    else if ("options" in kind) setName(kind.options.find(([option]) => option === value)?.[1] ?? value);
    else void kind.name(Number(value)).then(setName, () => setName(`#${value}`));
  });
  return <>{name()}</>;
}
