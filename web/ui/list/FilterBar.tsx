// The bar above a list: search, filters, saved views, columns and export.
import { createEffect, createMemo, createSignal, For, onCleanup, Show } from "solid-js";
import { describeEnds } from "../../lib/date_ranges.ts";
import { createThrottle } from "../../lib/throttle.ts";
import { CloseIcon, ExportIcon, FilterIcon, SearchIcon, StarIcon } from "../icons.ts";
import { inputClass } from "../Field.tsx";
import { Menu, menuButtonClass, type MenuItem } from "../Menu.tsx";
import { ColumnMenu } from "./ColumnMenu.tsx";
import { FilterDialog } from "./FilterDialog.tsx";
import { endsOf, type FilterValues, isRange, isSet, withoutFilter } from "./filters.ts";
import { SaveView } from "./SaveView.tsx";
import { SortMenu } from "./SortMenu.tsx";
import type { Column, Filter, ListState, Options } from "./list.ts";

/** The time between two searches during typing; milliseconds. */
const SEARCH_PAUSE_MS = 80;

export function FilterBar<Row>(
  props: {
    many: string;
    state: ListState;
    filters: Filter[];
    columns: Column<Row>[];
    defaultSort: string;
    searchedFields?: string;
    shortTextAtStart?: boolean;
    exportHref?(format: "csv" | "xlsx"): string;
  },
) {
  const query = () => props.state.query();
  const [open, setOpen] = createSignal<Filter | null>(null);
  const [isSaving, setIsSaving] = createSignal(false);
  const isFiltered = () => props.state.search() !== "";

  // Texts that this field searches for, until the URL has them: they do not replace what is typed meanwhile.
  const sent: string[] = [];
  const search = createThrottle((text: string) => {
    const q = text.trim();
    if (q === (sent.at(-1) ?? query().q ?? "")) return;
    sent.push(q);
    props.state.change({ q: q || undefined }, { replace: true });
  }, SEARCH_PAUSE_MS);
  onCleanup(search.cancel);
  const [typed, setTyped] = createSignal(query().q ?? "");
  const searchedText = createMemo(() => query().q ?? "");
  createEffect(() => {
    const searched = searchedText();
    const index = sent.indexOf(searched);
    if (index < 0) setTyped(searched);
    else sent.splice(0, index + 1);
  });
  function type(text: string): void {
    setTyped(text);
    search.call(text);
  }

  const filterItems = (): MenuItem[] =>
    props.filters.map((filter) => ({
      title: filter.title,
      isChosen: isSet(filter, query().filters),
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
      <For each={props.filters.filter((filter) => isSet(filter, query().filters))}>
        {(filter) => (
          <span class="inline-flex h-8 touch:h-11 max-w-96 items-center rounded-md bg-accent-soft text-sm text-accent">
            <button
              type="button"
              class="h-full min-w-0 truncate rounded-l-md pl-2.5"
              onClick={() => setOpen(filter)}
            >
              {filter.title}:{" "}
              <strong class="font-medium">
                <Value filter={filter} values={query().filters} />
              </strong>
            </button>
            <button
              type="button"
              class="inline-flex h-full w-8 touch:w-11 shrink-0 items-center justify-center rounded-r-md hover:brightness-90"
              aria-label={`Remove filter ${filter.title}`}
              onClick={() => props.state.change(withoutFilter(filter))}
            >
              <CloseIcon class="size-3.5" />
            </button>
          </span>
        )}
      </For>
      <div class="ml-auto flex items-center gap-2">
        <SortMenu state={props.state} columns={props.columns} defaultSort={props.defaultSort} />
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
            values={query().filters}
            close={() => setOpen(null)}
            choose={(changes) => props.state.change(changes)}
          />
        )}
      </Show>
      <SaveView isOpen={isSaving()} close={() => setIsSaving(false)} state={props.state} />
    </div>
  );
}

const titleOf = ({ options, titleOf }: Options, value: string) =>
  options.find(([option]) => option === value)?.[1] ?? titleOf?.(value) ?? value;

/** The value of a filter as text. */
function Value(props: { filter: Filter; values: FilterValues }) {
  const [name, setName] = createSignal("");
  createEffect(() => {
    const { kind } = props.filter;
    const value = props.values[props.filter.name] ?? "";
    if (isRange(kind)) setName(describeEnds(endsOf(kind, props.values), kind.unit));
    else if (typeof kind === "string") setName(value);
    else if ("options" in kind) setName(titleOf(kind, value));
    else void kind.name(Number(value)).then(setName, () => setName(`#${value}`));
  });
  return <>{name()}</>;
}
