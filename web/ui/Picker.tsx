// A combobox that finds an object by part of its name.
import { Combobox } from "@kobalte/core/combobox";
import { createEffect, createSignal, onCleanup, Show } from "solid-js";
import { inputClass } from "./Field.tsx";
import { CheckIcon, DownIcon } from "./icons.ts";
import type { Choice, Search } from "./list/list.ts";
import { toastError } from "./Toasts.tsx";

/** The pause in typing before the search runs; milliseconds. */
const DEBOUNCE_MS = 150;

export function Picker(
  props: {
    label: string;
    search: Search;
    /** The id of the chosen object. */
    value: number | null;
    choose(choice: Choice | null): void;
    hint?: string;
    error?: string | null;
    disabledReason?: string | null;
    placeholder?: string;
  },
) {
  const [found, setFound] = createSignal<Choice[]>([]);
  const [isLoaded, setIsLoaded] = createSignal(false);
  const [isOpen, setIsOpen] = createSignal(false);
  const [chosen, setChosen] = createSignal<Choice | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latestRequest = 0;
  /** What was typed last, and what the choices that are shown were found by. */
  let typed = "";
  let foundBy: string | null = null;
  onCleanup(() => clearTimeout(timer));

  createEffect(() => {
    const { value } = props;
    if (value === null) setChosen(null);
    else if (chosen()?.id !== value) {
      props.search.name(value).then((title) => setChosen({ id: value, title }), toastError);
    }
  });

  // The chosen object must be among the options, or its name would not be shown.
  const options = () => {
    const choice = chosen();
    return choice && !found().some(({ id }) => id === choice.id) ? [choice, ...found()] : found();
  };

  /** Null after an error, which is shown. */
  async function find(q: string): Promise<Choice[] | null> {
    const request = ++latestRequest;
    try {
      const choices = await props.search.find(q);
      // The result of an outdated request is not shown.
      if (request === latestRequest) show(q, choices);
      return choices;
    } catch (error) {
      toastError(error);
      return null;
    }
  }
  function show(q: string, choices: Choice[]): void {
    foundBy = q;
    setFound(choices);
    setIsLoaded(true);
  }
  function type(text: string): void {
    clearTimeout(timer);
    typed = text.trim();
    if (text === chosen()?.title) return;
    timer = setTimeout(() => void find(typed), DEBOUNCE_MS);
  }
  function take(choice: Choice | null): void {
    setChosen(choice);
    props.choose(choice);
  }

  /** Enter takes the only hit, also before it is shown. An option that the arrow keys lead to is the combobox's own. */
  async function takeOnlyHit(event: KeyboardEvent): Promise<void> {
    if (event.key !== "Enter" || typed === "" || typed === chosen()?.title) return;
    if ((event.target as HTMLElement).getAttribute("aria-activedescendant")) return;
    // It does not submit the form.
    event.preventDefault();
    clearTimeout(timer);
    const text = typed;
    const choices = foundBy === text ? found() : await find(text);
    if (typed !== text || choices?.length !== 1) return;
    show(text, choices);
    take(choices[0]);
    setIsOpen(false);
  }

  return (
    <Combobox<Choice>
      options={options()}
      optionValue="id"
      optionTextValue="title"
      optionLabel="title"
      value={chosen()}
      onChange={take}
      onInputChange={type}
      open={isOpen()}
      onOpenChange={(isOpen) => {
        setIsOpen(isOpen);
        if (isOpen && found().length === 0) void find(typed);
      }}
      // The search has filtered already; only the chosen object may be among the options without matching.
      defaultFilter={({ id, title }, typed) => title === typed || found().some((choice) => choice.id === id)}
      // It opens before the first result is loaded.
      allowsEmptyCollection
      triggerMode="focus"
      placeholder={props.placeholder ?? "Search by name"}
      validationState={props.error ? "invalid" : "valid"}
      disabled={Boolean(props.disabledReason)}
      gutter={4}
      sameWidth
      itemComponent={(item) => (
        <Combobox.Item
          item={item.item}
          class="flex min-h-9 touch:min-h-11 items-center gap-2 rounded-sm px-2 py-1 text-sm outline-none data-highlighted:bg-sunken"
        >
          <span class="flex min-w-0 flex-1 flex-col">
            <Combobox.ItemLabel class="truncate">{item.item.rawValue.title}</Combobox.ItemLabel>
            <Show when={item.item.rawValue.hint}>
              <span class="truncate text-xs text-muted">{item.item.rawValue.hint}</span>
            </Show>
          </span>
          <Combobox.ItemIndicator>
            <CheckIcon class="size-4" />
          </Combobox.ItemIndicator>
        </Combobox.Item>
      )}
      class="flex min-w-0 flex-col gap-1"
    >
      <Combobox.Label class="text-sm font-medium">{props.label}</Combobox.Label>
      <Combobox.Control class="relative">
        <Combobox.Input class={`${inputClass} pr-8`} onKeyDown={(event) => void takeOnlyHit(event)} />
        <Combobox.Trigger
          class="absolute top-0 right-0 inline-flex h-full w-8 items-center justify-center text-muted"
          aria-label={`Show choices for ${props.label}`}
        >
          <DownIcon class="size-4" />
        </Combobox.Trigger>
      </Combobox.Control>
      <Show when={props.disabledReason ?? props.hint}>
        <Combobox.Description class="text-xs text-muted">
          {props.disabledReason ?? props.hint}
        </Combobox.Description>
      </Show>
      <Combobox.ErrorMessage class="text-xs text-bad">{props.error}</Combobox.ErrorMessage>
      <Combobox.Portal>
        {/* In a dialog, everything outside is hidden from screen readers, except a top layer. */}
        <Combobox.Content
          data-kb-top-layer
          class="z-50 rounded-md border border-line bg-raised shadow-pop animate-fade-in"
        >
          <Combobox.Listbox class="max-h-72 overflow-y-auto p-1 outline-none" />
          <Show when={isLoaded() && found().length === 0}>
            <p class="px-3 py-2 text-sm text-muted">No matches.</p>
          </Show>
        </Combobox.Content>
      </Combobox.Portal>
    </Combobox>
  );
}
