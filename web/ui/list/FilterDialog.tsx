// The dialog that chooses a filter's value.
import { createSignal, For, Match, Switch } from "solid-js";
import { Button } from "../Button.tsx";
import { Dialog } from "../Dialog.tsx";
import { Field, inputClass } from "../Field.tsx";
import { Picker } from "../Picker.tsx";
import { DateRangeForm } from "./DateRangeForm.tsx";
import { endsOf, type FilterValues, isRange } from "./filters.ts";
import type { DateRange, Filter, Search } from "./list.ts";

export function FilterDialog(
  props: {
    filter: Filter;
    /** The values of all filters. */
    values: FilterValues;
    close(): void;
    /** Called with what changes. */
    choose(changes: Record<string, string | undefined>): void;
  },
) {
  const current = () => props.values[props.filter.name];
  const [typed, setTyped] = createSignal(current() ?? "");
  const chooseAll = (changes: Record<string, string | undefined>) => {
    props.choose(changes);
    props.close();
  };
  const choose = (value: string | undefined) => chooseAll({ [props.filter.name]: value });
  const range = (): DateRange | null => isRange(props.filter.kind) ? props.filter.kind : null;
  const options = () => {
    const { kind } = props.filter;
    return typeof kind === "object" && "options" in kind ? kind.options : null;
  };
  const search = () => {
    const { kind } = props.filter;
    return typeof kind === "object" && "find" in kind ? kind as Search : null;
  };
  return (
    <Dialog title={props.filter.title} isOpen close={props.close}>
      <Switch>
        <Match when={options()}>
          {(options) => (
            <ul class="flex flex-col gap-1">
              <For each={options()}>
                {([value, title]) => (
                  <li>
                    <button
                      type="button"
                      class={`min-h-9 touch:min-h-11 w-full rounded-md px-3 text-left text-sm hover:bg-sunken ${
                        value === current() ? "bg-accent-soft font-medium text-accent" : ""
                      }`}
                      aria-pressed={value === current()}
                      onClick={() => choose(value)}
                    >
                      {title}
                    </button>
                  </li>
                )}
              </For>
            </ul>
          )}
        </Match>
        <Match when={search()}>
          {(search) => (
            <Picker
              label={props.filter.title}
              search={search()}
              value={null}
              choose={(choice) => choice && choose(String(choice.id))}
            />
          )}
        </Match>
        <Match when={range()}>
          {(range) => (
            <DateRangeForm
              title={props.filter.title}
              range={range()}
              ends={endsOf(range(), props.values)}
              choose={({ from, until }) => chooseAll({ [range().from]: from, [range().until]: until })}
            />
          )}
        </Match>
        <Match when={props.filter.kind === "text"}>
          <form
            class="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              choose(typed().trim() || undefined);
            }}
          >
            <Field label={props.filter.title}>
              {(parts) => (
                <input
                  id={parts.id}
                  type="text"
                  class={inputClass}
                  value={typed()}
                  onInput={(event) => setTyped(event.currentTarget.value)}
                />
              )}
            </Field>
            <Button type="submit" variant="primary">Filter</Button>
          </form>
        </Match>
      </Switch>
    </Dialog>
  );
}
