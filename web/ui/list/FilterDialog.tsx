// The dialog that chooses a filter's value.
import { createSignal, For, Match, Switch } from "solid-js";
import { Button } from "../Button.tsx";
import { Dialog } from "../Dialog.tsx";
import { Field, inputClass } from "../Field.tsx";
import { Picker } from "../Picker.tsx";
import type { Filter, Search } from "./list.ts";

export function FilterDialog(
  props: {
    filter: Filter;
    value: string | undefined;
    close(): void;
    choose(value: string | undefined): void;
  },
) {
  const [typed, setTyped] = createSignal(props.value ?? "");
  const choose = (value: string | undefined) => {
    props.choose(value);
    props.close();
  };
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
                        value === props.value ? "bg-accent-soft font-medium text-accent" : ""
                      }`}
                      aria-pressed={value === props.value}
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
        <Match when={typeof props.filter.kind === "string"}>
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
                  type={props.filter.kind === "day" ? "date" : "text"}
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
