// The choice of the time zone and clock in which times are shown.
import { For } from "solid-js";
import { useTimeFormat } from "../../features/account/preferences.ts";
import { formatInstant } from "../../lib/format.ts";
import { browserClock, browserTimeZone, type TimeFormat } from "../../lib/time_format.ts";
import { Card } from "../../ui/Card.tsx";
import { Field, inputClass } from "../../ui/Field.tsx";

/** UTC is not among the zones of every browser. */
const timeZones = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];

const clocks = [["12", "12-hour"], ["24", "24-hour"]] as const;
const clockTitles = Object.fromEntries(clocks);

export function TimeSettings() {
  const [format, save] = useTimeFormat();
  const change = (changes: Partial<TimeFormat>) => save({ ...format(), ...changes });
  return (
    <Card title="Date and time" hint={`Example: ${formatInstant(new Date())}`}>
      <div class="flex flex-col gap-4">
        <Field label="Time zone" hint="Expiration dates and daily statistics are calendar days in UTC.">
          {({ id, describedBy }) => (
            <select
              id={id}
              class={inputClass}
              aria-describedby={describedBy}
              onChange={(event) => change({ timeZone: event.currentTarget.value || null })}
            >
              <option value="" selected={format().timeZone === null}>Browser ({browserTimeZone})</option>
              <For each={timeZones}>
                {(name) => <option value={name} selected={format().timeZone === name}>{name}</option>}
              </For>
            </select>
          )}
        </Field>
        <Field label="Clock">
          {({ id }) => (
            <select
              id={id}
              class={inputClass}
              onChange={({ currentTarget: { value } }) =>
                change({ clock: value === "12" ? 12 : value === "24" ? 24 : null })}
            >
              <option value="" selected={format().clock === null}>
                Browser ({clockTitles[browserClock]})
              </option>
              <For each={clocks}>
                {([value, title]) => (
                  <option value={value} selected={String(format().clock) === value}>{title}</option>
                )}
              </For>
            </select>
          )}
        </Field>
      </div>
    </Card>
  );
}
