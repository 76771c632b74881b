// The menu that chooses which columns a list shows, and in which order.
import { Popover } from "@kobalte/core/popover";
import { createUniqueId, For } from "solid-js";
import { Button } from "../Button.tsx";
import { ColumnsIcon, DownIcon, UpIcon } from "../icons.ts";
import type { Column, ColumnLayout, ListState } from "./list.ts";

/** The saved column layout, or the default. New columns are appended. */
export function chosenColumns<Row>(columns: Column<Row>[], saved: ColumnLayout | null): ColumnLayout {
  const ids = columns.map(({ id }) => id);
  if (!saved) {
    return { order: ids, hidden: columns.filter(({ isHidden }) => isHidden).map(({ id }) => id), widths: {} };
  }
  const known = saved.order.filter((id) => ids.includes(id));
  return { ...saved, order: [...known, ...ids.filter((id) => !known.includes(id))] };
}

export function ColumnMenu<Row>(props: { state: ListState; columns: Column<Row>[] }) {
  const id = createUniqueId();
  const chosen = () => chosenColumns(props.columns, props.state.columns());
  const titleOf = (column: string) => props.columns.find(({ id }) => id === column)!.title;
  function toggle(column: string, isShown: boolean): void {
    const { hidden } = chosen();
    props.state.setColumns({
      ...chosen(),
      hidden: isShown ? hidden.filter((other) => other !== column) : [...hidden, column],
    });
  }
  function move(column: string, by: -1 | 1): void {
    const order = [...chosen().order];
    const index = order.indexOf(column);
    [order[index], order[index + by]] = [order[index + by], order[index]];
    props.state.setColumns({ ...chosen(), order });
  }
  return (
    <Popover gutter={4} placement="bottom-end">
      <Popover.Trigger
        class="inline-flex size-8 touch:size-11 items-center justify-center rounded-md border border-line bg-surface text-muted hover:bg-sunken hover:text-ink"
        aria-label="Columns"
      >
        <ColumnsIcon class="size-4" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          class="z-50 w-72 rounded-md border border-line bg-raised p-2 shadow-pop outline-none animate-fade-in"
          aria-label="Columns"
        >
          <ul class="flex max-h-96 flex-col overflow-y-auto text-sm">
            <For each={chosen().order}>
              {(column, index) => (
                <li class="flex min-h-9 items-center gap-2 px-1">
                  <input
                    id={`${id}-${column}`}
                    type="checkbox"
                    class="size-4 touch:size-6 accent-accent"
                    checked={!chosen().hidden.includes(column)}
                    disabled={index() === 0}
                    onChange={(event) => toggle(column, event.currentTarget.checked)}
                  />
                  <label for={`${id}-${column}`} class="flex-1">{titleOf(column)}</label>
                  <Button
                    variant="quiet"
                    label={`Move ${titleOf(column)} left`}
                    disabledReason={index() < 2 ? "The first column can't be moved." : null}
                    onClick={() => move(column, -1)}
                  >
                    <UpIcon />
                  </Button>
                  <Button
                    variant="quiet"
                    label={`Move ${titleOf(column)} right`}
                    disabledReason={index() === 0 || index() === chosen().order.length - 1
                      ? "Already at the end."
                      : null}
                    onClick={() => move(column, 1)}
                  >
                    <DownIcon />
                  </Button>
                </li>
              )}
            </For>
          </ul>
          <div class="mt-1 border-t border-line pt-2">
            <Button variant="quiet" onClick={() => props.state.setColumns(null)}>Reset</Button>
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  );
}
