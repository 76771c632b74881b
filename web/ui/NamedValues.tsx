// An editor of values by name, each a text, a number or a choice: a name is added with Enter, its value is edited in its row.
// Invalid names stay visible and are marked.
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { Button } from "./Button.tsx";
import { Field, inputClass } from "./Field.tsx";
import { AddIcon, CloseIcon } from "./icons.ts";

/** A kind of value, and how it is edited. */
export interface ValueKind {
  title: string;
  is(value: unknown): boolean;
  /** The value of a row that gets this kind. */
  start: unknown;
  /** Without an input the kind says everything. */
  input?: "number" | "text" | readonly (readonly [value: unknown, title: string])[];
}

/**
 * @param props.values by name; the editor calls `set` with another object and changes none
 * @param props.added the value of a new name
 * @param props.noun what a row is, for screen readers: "entitlement"
 * @param props.problemOf why a row is refused
 * @param props.extra what else a row has
 */
export function NamedValues(
  props: {
    label: string;
    noun: string;
    hint?: string;
    error?: string | null;
    disabledReason?: string | null;
    values: Record<string, unknown>;
    set(values: Record<string, unknown>): void;
    kinds: readonly ValueKind[];
    added: unknown;
    problemOf(name: string): string | null;
    maxLength: number;
    /** Suggested names. */
    known?: string[];
    extra?(name: string): JSX.Element;
    valueOf?(entry: unknown): unknown;
    withValue?(entry: unknown, value: unknown): unknown;
  },
) {
  const list = createUniqueId();
  const [typed, setTyped] = createSignal("");
  const [announcement, setAnnouncement] = createSignal("");
  let input!: HTMLInputElement;
  const names = () => Object.keys(props.values);
  const valueOf = (name: string) => props.valueOf ? props.valueOf(props.values[name]) : props.values[name];
  const write = (name: string, value: unknown) =>
    props.set({
      ...props.values,
      [name]: props.withValue ? props.withValue(props.values[name], value) : value,
    });
  const error = () => {
    const wrong = names().find((name) => props.problemOf(name) !== null);
    return wrong === undefined ? props.error : `“${wrong}”: ${props.problemOf(wrong)}`;
  };

  function add(text: string): void {
    setTyped("");
    const added = [...new Set(text.split(/[\s,;]+/))].filter((name) =>
      name && !Object.hasOwn(props.values, name)
    );
    if (added.length === 0) return;
    props.set({ ...props.values, ...Object.fromEntries(added.map((name) => [name, props.added])) });
    setAnnouncement(`Added ${added.join(", ")}`);
  }
  function remove(name: string): void {
    const { [name]: _, ...rest } = props.values;
    props.set(rest);
    setAnnouncement(`Removed ${name}`);
    input.focus();
  }

  return (
    <Field label={props.label} hint={props.disabledReason ?? props.hint} error={error()}>
      {(parts) => (
        <div class="flex min-w-0 flex-col gap-2">
          <Show when={names().length > 0}>
            <ul class="flex min-w-0 flex-col gap-2" aria-label={props.label}>
              <For each={names()}>
                {(name) => (
                  <li class="flex min-w-0 flex-wrap items-center gap-2">
                    <span
                      class={`min-w-24 flex-1 truncate font-mono text-sm ${
                        props.problemOf(name) === null ? "" : "text-bad"
                      }`}
                      title={name}
                    >
                      {name}
                    </span>
                    <ValueInput
                      name={name}
                      value={valueOf(name)}
                      kinds={props.kinds}
                      maxLength={props.maxLength}
                      isDisabled={Boolean(props.disabledReason)}
                      isInvalid={props.problemOf(name) !== null}
                      set={(value) => write(name, value)}
                    />
                    {props.extra?.(name)}
                    <Show when={!props.disabledReason}>
                      <Button variant="quiet" label={`Remove ${name}`} onClick={() => remove(name)}>
                        <CloseIcon />
                      </Button>
                    </Show>
                  </li>
                )}
              </For>
            </ul>
          </Show>
          <div class="flex min-w-0 gap-2">
            <input
              ref={input}
              id={parts.id}
              list={props.known ? list : undefined}
              class={`${inputClass} flex-1 font-mono`}
              placeholder="Name"
              value={typed()}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              disabled={Boolean(props.disabledReason)}
              aria-describedby={parts.describedBy}
              aria-invalid={parts.isInvalid}
              onInput={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || !typed().trim()) return;
                event.preventDefault();
                add(typed());
              }}
              onBlur={() => add(typed())}
            />
            <Show when={props.known}>
              <datalist id={list}>
                <For each={props.known!.filter((name) => !Object.hasOwn(props.values, name))}>
                  {(name) => <option value={name} />}
                </For>
              </datalist>
            </Show>
            {/* Leaving the input adds what was typed. */}
            <Button disabledReason={props.disabledReason} about={props.noun} onClick={() => input.focus()}>
              <AddIcon /> Add
            </Button>
          </div>
          <span role="status" class="sr-only">{announcement()}</span>
        </div>
      )}
    </Field>
  );
}

/** The kind of a value, and the value. */
function ValueInput(
  props: {
    name: string;
    value: unknown;
    kinds: readonly ValueKind[];
    maxLength: number;
    isDisabled: boolean;
    isInvalid: boolean;
    set(value: unknown): void;
  },
) {
  // The kind of a value that is being typed stays what it was.
  const [chosen, setChosen] = createSignal<ValueKind | null>(null);
  const kind = () => chosen() ?? props.kinds.find(({ is }) => is(props.value)) ?? props.kinds[0];
  const choices = () => {
    const { input } = kind();
    return typeof input === "object" ? input : null;
  };
  const common = () => ({
    "aria-label": `${props.name}: value`,
    "aria-invalid": props.isInvalid ? "true" as const : undefined,
    disabled: props.isDisabled,
    class: `${inputClass} min-w-24 flex-1`,
  });
  return (
    <>
      <select
        class={`${inputClass} max-w-28`}
        aria-label={`${props.name}: kind`}
        disabled={props.isDisabled}
        onChange={({ currentTarget: { selectedIndex } }) => {
          const next = props.kinds[selectedIndex];
          setChosen(next);
          props.set(next.start);
        }}
      >
        <For each={props.kinds}>
          {(option) => <option selected={option === kind()}>{option.title}</option>}
        </For>
      </select>
      <Show when={kind().input === "text"}>
        <input
          {...common()}
          maxlength={props.maxLength}
          autocomplete="off"
          value={String(props.value ?? "")}
          onInput={(event) => props.set(event.currentTarget.value)}
        />
      </Show>
      <Show when={kind().input === "number"}>
        <input
          {...common()}
          type="number"
          step="any"
          value={(props.value ?? "") as number}
          onInput={({ currentTarget: { value, valueAsNumber } }) =>
            props.set(value === "" ? null : valueAsNumber)}
        />
      </Show>
      <Show when={choices()}>
        {(all) => (
          <select
            {...common()}
            onChange={({ currentTarget: { selectedIndex } }) => props.set(all()[selectedIndex][0])}
          >
            <For each={all()}>
              {([value, title]) => <option selected={value === props.value}>{title}</option>}
            </For>
          </select>
        )}
      </Show>
    </>
  );
}
