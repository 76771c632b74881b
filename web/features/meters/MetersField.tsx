// A field for the meters of a plan or a license: a row for each with its name, limit, period and overage.
import { createEffect, createSignal, For, Index, on, Show } from "solid-js";
import type { z } from "zod";
import { code } from "../../../server/domain/input_fields.ts";
import type { meter } from "../../../server/domain/policy/inputs.ts";
import type { Form } from "../../lib/form.ts";
import { formatNumber } from "../../lib/format.ts";
import { Button } from "../../ui/Button.tsx";
import { Field, inputClass } from "../../ui/Field.tsx";
import { AddIcon, CloseIcon } from "../../ui/icons.ts";
import { describeMeter, describeMeters, periodTitles } from "./meter_labels.ts";

export type MeterTerms = z.output<typeof meter>;

/** A row as it is typed: its limit is null while the field is empty. */
interface Row {
  name: string;
  terms: Omit<MeterTerms, "limit"> & { limit: number | null };
}

const MAX_METERS = 20;

/** Percentages to choose from; "unlimited" stands for null. */
const overages = [0, 10, 25, 50, 100];
const UNLIMITED = "unlimited";

export function MetersField<Values extends object>(
  props: { form: Form<Values>; name: keyof Values & string; label: string; hint?: string },
) {
  props.form.describeField(props.name, {
    label: props.label,
    text: (meters) => describeMeters((meters ?? {}) as Record<string, MeterTerms>),
  });
  const value = () => (props.form.values[props.name] ?? {}) as Record<string, Row["terms"]>;
  const [rows, setRows] = createSignal(rowsOf(value()));
  const json = () => JSON.stringify(value());
  // The form gets other values when it is reset, and when someone else saved the object.
  createEffect(on(json, (json) => json !== JSON.stringify(valueOf(rows())) && setRows(rowsOf(value()))));

  function change(rows: Row[]): void {
    setRows(rows);
    props.form.set(props.name, valueOf(rows) as Values[keyof Values & string]);
  }
  const changeRow = (index: number, changed: Row) => change(rows().with(index, changed));
  const errors = () =>
    Object.entries(props.form.errors).filter(([path]) => path.split(".")[0] === props.name);
  const nameError = (index: number) => {
    const { name } = rows()[index];
    if (name === "") return errors().length > 0 ? "Required" : null;
    const problem = code.safeParse(name).error?.issues[0].message;
    if (problem) return `The name ${problem}.`;
    const isTaken = rows().findIndex((row) => row.name === name) < index;
    return isTaken ? "Another meter has this name." : null;
  };
  const limitError = (index: number) =>
    errors().find(([path]) => path.endsWith(`.${rows()[index].name}.limit`))?.[1];
  /** An error of the whole field, such as too many meters. */
  const generalError = () => errors().find(([path]) => path === props.name)?.[1];

  return (
    <fieldset class="flex min-w-0 flex-col gap-2">
      <legend class="mb-1 text-sm font-medium">{props.label}</legend>
      <Show when={props.hint}>
        <p class="text-xs text-muted">{props.hint}</p>
      </Show>
      <Index each={rows()}>
        {(row, index) => (
          <div
            role="group"
            aria-label={row().name || "New meter"}
            class="grid grid-cols-2 items-start gap-2 rounded-md border border-line p-2 md:grid-cols-[2fr_2fr_2fr_2fr_auto]"
          >
            <Field label="Name" error={nameError(index)}>
              {(parts) => (
                <input
                  id={parts.id}
                  class={`${inputClass} font-mono`}
                  value={row().name}
                  placeholder="exports"
                  autocomplete="off"
                  autocapitalize="none"
                  spellcheck={false}
                  aria-describedby={parts.describedBy}
                  aria-invalid={parts.isInvalid}
                  onInput={(event) => changeRow(index, { ...row(), name: event.currentTarget.value })}
                />
              )}
            </Field>
            <Field label="Limit" error={limitError(index)}>
              {(parts) => (
                <input
                  id={parts.id}
                  type="number"
                  inputmode="numeric"
                  min={0}
                  class={inputClass}
                  value={row().terms.limit ?? ""}
                  aria-describedby={parts.describedBy}
                  aria-invalid={parts.isInvalid}
                  onInput={({ currentTarget: { value, valueAsNumber } }) =>
                    changeRow(index, {
                      ...row(),
                      terms: { ...row().terms, limit: value === "" ? null : valueAsNumber },
                    })}
                />
              )}
            </Field>
            <Field label="Period">
              {(parts) => (
                <select
                  id={parts.id}
                  class={inputClass}
                  onChange={(event) =>
                    changeRow(index, {
                      ...row(),
                      terms: { ...row().terms, period: event.currentTarget.value as MeterTerms["period"] },
                    })}
                >
                  <For each={Object.entries(periodTitles)}>
                    {([period, title]) => (
                      <option value={period} selected={row().terms.period === period}>{title}</option>
                    )}
                  </For>
                </select>
              )}
            </Field>
            <Field label="Overage">
              {(parts) => (
                <select
                  id={parts.id}
                  class={inputClass}
                  onChange={({ currentTarget: { value } }) =>
                    changeRow(index, {
                      ...row(),
                      terms: { ...row().terms, overage: value === UNLIMITED ? null : Number(value) },
                    })}
                >
                  <For each={[...new Set([...overages, row().terms.overage ?? 0])].sort((a, b) => a - b)}>
                    {(percent) => (
                      <option value={percent} selected={row().terms.overage === percent}>
                        {percent === 0 ? "None" : `${formatNumber(percent)} %`}
                      </option>
                    )}
                  </For>
                  <option value={UNLIMITED} selected={row().terms.overage === null}>Unlimited</option>
                </select>
              )}
            </Field>
            <Button
              variant="quiet"
              label="Remove meter"
              about={row().name}
              class="md:mt-6"
              onClick={() => change(rows().filter((_row, other) => other !== index))}
            >
              <CloseIcon />
            </Button>
            <Show when={row().terms.limit !== null}>
              <p class="col-span-full text-xs text-muted">{describeMeter(row().terms as MeterTerms)}</p>
            </Show>
          </div>
        )}
      </Index>
      <Show when={generalError()}>
        {(error) => <p class="text-xs text-bad">{error()}</p>}
      </Show>
      <div>
        <Button
          disabledReason={rows().length >= MAX_METERS ? `At most ${MAX_METERS} meters.` : null}
          onClick={() =>
            change([...rows(), { name: "", terms: { limit: 1000, period: "month", overage: 0 } }])}
        >
          <AddIcon />
          Add meter
        </Button>
      </div>
    </fieldset>
  );
}

function rowsOf(value: Record<string, Row["terms"]>): Row[] {
  return Object.entries(value).map(([name, terms]) => ({ name, terms: { ...terms } }));
}

/** The form's value. A name that another row has gets a number that no name may have, so that it is refused and not lost. */
function valueOf(rows: Row[]): Record<string, Row["terms"]> {
  const value: Record<string, Row["terms"]> = {};
  rows.forEach(({ name, terms }, index) =>
    value[name in value ? `${name} (${index + 1})` : name] = { ...terms }
  );
  return value;
}
