// An input for an ISO 8601 duration in whole days, months or years ("P30D", "P1Y"), or for an unlimited one (null).
import { createEffect, createSignal, For, Show } from "solid-js";
import { Field, inputClass } from "./Field.tsx";

const units = [["D", "day", "days"], ["M", "month", "months"], ["Y", "year", "years"]] as const;
const FOREVER = "forever";
const format = /^P(\d*)([DMY])$/;

/**
 * @param props.value while the number is empty, "PD" without it
 * @param props.canBeForever whether null can be chosen
 */
export function DurationInput(
  props: {
    label: string;
    hint?: string;
    error?: string | null;
    value: string | null;
    set(duration: string | null): void;
    canBeForever?: boolean;
    isDisabled?: boolean;
  },
) {
  const parts = () => props.value?.match(format) ?? null;
  const number = () => parts()?.[1] ?? "";
  const unit = () => parts()?.[2] ?? FOREVER;
  // The last number, for choosing a unit again after "Perpetual".
  const [lastNumber, setLastNumber] = createSignal("1");
  createEffect(() => number() && setLastNumber(number()));
  // The schema's message is about the notation, which is not visible here.
  const error = () =>
    props.error && parts() && !/^[1-9]\d{0,3}$/.test(number())
      ? "Enter a number from 1 to 9999."
      : props.error;
  return (
    <Field label={props.label} hint={props.hint} error={error()}>
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
              disabled={props.isDisabled}
              aria-describedby={field.describedBy}
              aria-invalid={field.isInvalid}
              onInput={(event) => props.set(`P${event.currentTarget.value.replace(/\D/g, "")}${unit()}`)}
            />
          </Show>
          <select
            id={unit() === FOREVER ? field.id : undefined}
            aria-label={unit() === FOREVER ? undefined : `${props.label}: days, months or years`}
            class={inputClass}
            disabled={props.isDisabled}
            aria-describedby={field.describedBy}
            onChange={({ currentTarget: { value } }) =>
              props.set(value === FOREVER ? null : `P${lastNumber()}${value}`)}
          >
            <For each={units}>
              {([letter, one, many]) => (
                <option value={letter} selected={unit() === letter}>{number() === "1" ? one : many}</option>
              )}
            </For>
            <Show when={props.canBeForever}>
              <option value={FOREVER} selected={unit() === FOREVER}>Perpetual</option>
            </Show>
          </select>
        </div>
      )}
    </Field>
  );
}
