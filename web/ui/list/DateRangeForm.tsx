// The form that chooses a range of dates: a suggested one, or two dates with what they mean.
import { createSignal, createUniqueId, For, Show } from "solid-js";
import { type Ends, resolveDate, suggestedRanges } from "../../lib/date_ranges.ts";
import { Button } from "../Button.tsx";
import { Field, inputClass } from "../Field.tsx";
import type { DateRange } from "./list.ts";

const operators = {
  between: "is between",
  on: "is on",
  from: "is on or after",
  until: "is on or before",
} as const;
type Operator = keyof typeof operators;

/**
 * @param props.title of the filter
 * @param props.choose called with both ends; without any, to take the filter away
 */
export function DateRangeForm(
  props: { title: string; range: DateRange; ends: Ends; choose(ends: Ends): void },
) {
  const id = createUniqueId();
  /** A date as the input field has it; of an instant, its day. */
  const shown = (value: string | undefined) =>
    value === undefined ? "" : resolveDate(value, props.range.unit).slice(0, 10);
  const [operator, setOperator] = createSignal<Operator>(operatorOf(props.ends));
  const [from, setFrom] = createSignal(shown(props.ends.from));
  const [until, setUntil] = createSignal(shown(props.ends.until));
  const ends = (): Ends => {
    switch (operator()) {
      case "on":
        return { from: from(), until: from() };
      case "from":
        return { from: from() };
      case "until":
        return { until: until() };
      case "between":
        return { from: from(), until: until() };
    }
  };
  const disabledReason = () => {
    const chosen = Object.values(ends());
    if (chosen.includes("")) return "Select a date.";
    return chosen.length === 2 && chosen[0] > chosen[1] ? "The first date is after the last one." : null;
  };
  const dateInput = (label: string, value: () => string, set: (value: string) => void) => (
    <Field label={label}>
      {(parts) => (
        <input
          id={parts.id}
          type="date"
          class={inputClass}
          value={value()}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  );
  return (
    <div class="flex flex-col gap-4">
      <div class="flex flex-wrap gap-2" role="group" aria-label="Suggested ranges">
        <For each={suggestedRanges(props.range.direction)}>
          {({ title, ...suggested }) => (
            <Button
              aria-pressed={suggested.from === props.ends.from && suggested.until === props.ends.until}
              onClick={() => props.choose(suggested)}
            >
              {title}
            </Button>
          )}
        </For>
      </div>
      <form
        class="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!disabledReason()) props.choose(ends());
        }}
      >
        <div class="flex flex-col gap-1">
          <label for={id} class="text-sm font-medium">{props.title}</label>
          <select
            id={id}
            class={inputClass}
            value={operator()}
            onChange={(event) => setOperator(event.currentTarget.value as Operator)}
          >
            <For each={Object.entries(operators)}>
              {([value, title]) => <option value={value} selected={value === operator()}>{title}</option>}
            </For>
          </select>
        </div>
        <div class="grid gap-4 sm:grid-cols-2">
          <Show when={operator() !== "until"}>
            {dateInput(operator() === "between" ? "First day" : "Day", from, setFrom)}
          </Show>
          <Show when={operator() === "until" || operator() === "between"}>
            {dateInput(operator() === "between" ? "Last day" : "Day", until, setUntil)}
          </Show>
        </div>
        <Button type="submit" variant="primary" disabledReason={disabledReason()}>Filter</Button>
      </form>
    </div>
  );
}

function operatorOf({ from, until }: Ends): Operator {
  if (from !== undefined && until !== undefined) return from === until ? "on" : "between";
  return from !== undefined ? "from" : until !== undefined ? "until" : "between";
}
