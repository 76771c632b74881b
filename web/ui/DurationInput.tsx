// An input for an ISO 8601 duration in whole days, months or years ("P30D", "P1Y"), in days, hours or minutes ("PT12H"), or
// for an unlimited one (null).
import { createEffect, createSignal, For, Show } from "solid-js";
import { Field, inputClass } from "./Field.tsx";

/** Units by how they are written: "TH" is the hour of "PT12H". */
const long = [["D", "day", "days"], ["M", "month", "months"], ["Y", "year", "years"]] as const;
const short = [["D", "day", "days"], ["TH", "hour", "hours"], ["TM", "minute", "minutes"]] as const;
const FOREVER = "forever";
const format = /^P(T?)(\d*)([DMYH])$/;

function written(number: string, unit: string): string {
  return unit.startsWith("T") ? `PT${number}${unit.slice(1)}` : `P${number}${unit}`;
}

/**
 * @param props.value while the number is empty, "PD" without it
 * @param props.forever what null is called, where it can be chosen
 * @param props.isShort whether the units are days, hours and minutes
 */
export function DurationInput(
  props: {
    label: string;
    hint?: string;
    error?: string | null;
    value: string | null;
    set(duration: string | null): void;
    forever?: string;
    isShort?: boolean;
    isDisabled?: boolean;
  },
) {
  const parts = () => props.value?.match(format) ?? null;
  const number = () => parts()?.[2] ?? "";
  const unit = () => parts() ? `${parts()![1]}${parts()![3]}` : FOREVER;
  // The last number, for choosing a unit again after null.
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
              onInput={(event) => props.set(written(event.currentTarget.value.replace(/\D/g, ""), unit()))}
            />
          </Show>
          <select
            id={unit() === FOREVER ? field.id : undefined}
            aria-label={unit() === FOREVER
              ? undefined
              : `${props.label}: ${props.isShort ? "days, hours or minutes" : "days, months or years"}`}
            class={inputClass}
            disabled={props.isDisabled}
            aria-describedby={field.describedBy}
            onChange={({ currentTarget: { value } }) =>
              props.set(value === FOREVER ? null : written(lastNumber(), value))}
          >
            <For each={props.isShort ? short : long}>
              {([letter, one, many]) => (
                <option value={letter} selected={unit() === letter}>{number() === "1" ? one : many}</option>
              )}
            </For>
            <Show when={props.forever}>
              <option value={FOREVER} selected={unit() === FOREVER}>{props.forever}</option>
            </Show>
          </select>
        </div>
      )}
    </Field>
  );
}
