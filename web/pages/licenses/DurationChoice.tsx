// How long: one of the usual durations, or one of one's own.
import { createSignal, Show } from "solid-js";
import { Field, inputClass } from "../../ui/Field.tsx";

const usual = [
  ["P7D", "7 days"],
  ["P1M", "1 month"],
  ["P3M", "3 months"],
  ["P6M", "6 months"],
  ["P1Y", "1 year"],
  ["P2Y", "2 years"],
] as const;

const units = [["D", "days"], ["M", "months"], ["Y", "years"]] as const;

export function DurationChoice(
  props: { label: string; value: string; choose(duration: string): void; isOff?: boolean },
) {
  const [isOwn, setIsOwn] = createSignal(!usual.some(([duration]) => duration === props.value));
  const parts = () => props.value.match(/^P(\d+)([DMY])$/)!;
  const setOwn = (number: number, unit: string) => {
    if (Number.isInteger(number) && number >= 1 && number <= 9999) props.choose(`P${number}${unit}`);
  };
  return (
    <div class="flex flex-wrap items-end gap-3">
      <Field label={props.label} class="w-40">
        {({ id }) => (
          <select
            id={id}
            class={inputClass}
            disabled={props.isOff}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setIsOwn(value === "");
              if (value) props.choose(value);
            }}
          >
            {usual.map(([duration, title]) => (
              <option value={duration} selected={!isOwn() && duration === props.value}>{title}</option>
            ))}
            <option value="" selected={isOwn()}>Another time</option>
          </select>
        )}
      </Field>
      <Show when={isOwn()}>
        <Field label="How many" class="w-24">
          {({ id }) => (
            <input
              id={id}
              type="number"
              min="1"
              max="9999"
              class={inputClass}
              value={parts()[1]}
              disabled={props.isOff}
              onInput={(event) => setOwn(event.currentTarget.valueAsNumber, parts()[2])}
            />
          )}
        </Field>
        <Field label="Of what" class="w-28">
          {({ id }) => (
            <select
              id={id}
              class={inputClass}
              disabled={props.isOff}
              onChange={(event) => setOwn(Number(parts()[1]), event.currentTarget.value)}
            >
              {units.map(([unit, title]) => (
                <option value={unit} selected={parts()[2] === unit}>{title}</option>
              ))}
            </select>
          )}
        </Field>
      </Show>
    </div>
  );
}
