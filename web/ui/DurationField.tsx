// A length of time in whole days, months or years, or for ever: "P30D", "P1Y", null.
import { createEffect, createSignal, For, Show } from "solid-js";
import type { Form } from "../lib/form.ts";
import { Field, inputClass } from "./Field.tsx";

const units = [["D", "day", "days"], ["M", "month", "months"], ["Y", "year", "years"]] as const;
const FOREVER = "forever";
const form = /^P(\d*)([DMY])$/;

export function DurationField<Values extends object>(
  props: {
    form: Form<Values>;
    name: keyof Values & string;
    label: string;
    hint?: string;
    disabledReason?: string | null;
    /** Whether it may be without end. */
    mayBeForever?: boolean;
  },
) {
  const value = () => props.form.values[props.name] as string | null;
  const parts = () => value()?.match(form) ?? null;
  const number = () => parts()?.[1] ?? "";
  const unit = () => parts()?.[2] ?? FOREVER;
  const set = (next: string | null) => props.form.set(props.name, next as Values[keyof Values & string]);
  // What it was, for whoever chooses "for ever" and thinks again.
  const [last, setLast] = createSignal("1");
  createEffect(() => number() && setLast(number()));
  // The schema's own words are about the notation, which nobody sees here.
  const error = () => {
    const said = props.form.errors[props.name];
    return said && parts() && !/^[1-9]\d{0,3}$/.test(number()) ? "Write a number from 1 to 9999." : said;
  };
  return (
    <Field label={props.label} hint={props.disabledReason ?? props.hint} error={error()}>
      {(field) => (
        <div class="flex gap-2">
          <Show when={unit() !== FOREVER}>
            <input
              id={field.id}
              type="number"
              inputmode="numeric"
              min="1"
              max="9999"
              class={`${inputClass} max-w-28`}
              value={number()}
              disabled={Boolean(props.disabledReason)}
              aria-describedby={field.describedBy}
              aria-invalid={field.isInvalid}
              onInput={(event) => set(`P${event.currentTarget.value.replace(/\D/g, "")}${unit()}`)}
            />
          </Show>
          <select
            id={unit() === FOREVER ? field.id : undefined}
            aria-label={unit() === FOREVER ? undefined : `${props.label}: days, months or years`}
            class={inputClass}
            disabled={Boolean(props.disabledReason)}
            aria-describedby={field.describedBy}
            onChange={({ currentTarget: { value } }) => set(value === FOREVER ? null : `P${last()}${value}`)}
          >
            <For each={units}>
              {([letter, one, many]) => (
                <option value={letter} selected={unit() === letter}>{number() === "1" ? one : many}</option>
              )}
            </For>
            <Show when={props.mayBeForever}>
              <option value={FOREVER} selected={unit() === FOREVER}>for ever</option>
            </Show>
          </select>
        </div>
      )}
    </Field>
  );
}
