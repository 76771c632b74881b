// A field for several codes, added with Enter or a comma and removed with a button or Backspace. Invalid codes stay
// visible and are marked.
import { createSignal, createUniqueId, For, Show } from "solid-js";
import type { z } from "zod";
import type { Form } from "../lib/form.ts";
import { Field } from "./Field.tsx";
import { CloseIcon } from "./icons.ts";

export function TagsField<Values extends object>(
  props: {
    form: Form<Values>;
    name: keyof Values & string;
    label: string;
    hint?: string;
    disabledReason?: string | null;
    /** The schema of one code. */
    item: z.ZodType<string>;
    /** Suggestions. */
    known?: string[];
  },
) {
  props.form.describeField(props.name, { label: props.label });
  const list = createUniqueId();
  const [typed, setTyped] = createSignal("");
  const [announcement, setAnnouncement] = createSignal("");
  let input!: HTMLInputElement;
  const tags = () => (props.form.values[props.name] ?? []) as string[];
  const isWrong = (tag: string) => !props.item.safeParse(tag).success;
  const set = (next: string[]) => props.form.set(props.name, next as Values[keyof Values & string]);

  function add(text: string): void {
    setTyped("");
    const added = [...new Set(text.split(/[\s,;]+/))].filter((tag) => tag && !tags().includes(tag));
    if (added.length === 0) return;
    set([...tags(), ...added]);
    setAnnouncement(`Added ${added.join(", ")}`);
  }
  function remove(tag: string): void {
    set(tags().filter((other) => other !== tag));
    setAnnouncement(`Removed ${tag}`);
    input.focus();
  }
  function handleKey(event: KeyboardEvent): void {
    const last = tags().at(-1);
    if ((event.key === "Enter" && typed().trim()) || event.key === ",") {
      event.preventDefault();
      add(typed());
    } else if (event.key === "Backspace" && typed() === "" && last !== undefined) {
      event.preventDefault();
      remove(last);
    }
  }
  const error = () => {
    const wrong = tags().find(isWrong);
    const problem = wrong === undefined ? null : props.item.safeParse(wrong).error?.issues[0].message;
    const refused = Object.entries(props.form.errors).find(([field]) => field.split(".")[0] === props.name);
    return problem ? `“${wrong}” ${problem}.` : refused?.[1];
  };

  return (
    <Field label={props.label} hint={props.disabledReason ?? props.hint} error={error()}>
      {(parts) => (
        <div
          class={`flex min-h-8 touch:min-h-11 w-full flex-wrap items-center gap-1 rounded-md border bg-surface px-1 py-0.5 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent ${
            parts.isInvalid ? "border-bad" : "border-edge"
          }`}
          onClick={(event) => event.target === event.currentTarget && input.focus()}
        >
          <Show when={tags().length > 0}>
            <ul class="contents" aria-label={props.label}>
              <For each={tags()}>
                {(tag) => (
                  <li
                    class={`inline-flex h-6 touch:h-9 max-w-full items-center rounded-sm pl-1.5 font-mono text-xs ${
                      isWrong(tag) ? "bg-bad-soft text-bad" : "bg-sunken"
                    }`}
                  >
                    <span class="truncate">{tag}</span>
                    <button
                      type="button"
                      class="inline-flex size-6 touch:size-9 shrink-0 items-center justify-center rounded-sm text-muted hover:text-ink"
                      aria-label={`Remove ${tag}`}
                      disabled={Boolean(props.disabledReason)}
                      onClick={() => remove(tag)}
                    >
                      <CloseIcon class="size-3" />
                    </button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
          <input
            ref={input}
            id={parts.id}
            list={props.known ? list : undefined}
            class="h-6 touch:h-9 min-w-24 flex-1 bg-transparent px-1.5 font-mono text-sm touch:text-md outline-none"
            value={typed()}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            disabled={Boolean(props.disabledReason)}
            aria-describedby={parts.describedBy}
            aria-invalid={parts.isInvalid}
            onInput={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={handleKey}
            onBlur={() => add(typed())}
          />
          <Show when={props.known}>
            <datalist id={list}>
              <For each={props.known!.filter((tag) => !tags().includes(tag))}>
                {(tag) => <option value={tag} />}
              </For>
            </datalist>
          </Show>
          <span role="status" class="sr-only">{announcement()}</span>
        </div>
      )}
    </Field>
  );
}
