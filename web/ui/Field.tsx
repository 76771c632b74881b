// Form fields: label, input, hint and error, with their ARIA relations.
import { createUniqueId, For, type JSX, Show } from "solid-js";
import type { Form } from "../lib/form.ts";
import { formatDay } from "../lib/format.ts";
import { AlertIcon } from "./icons.ts";

export const inputClass =
  "h-8 touch:h-11 w-full min-w-0 rounded-md border border-edge bg-surface px-2.5 text-sm touch:text-md text-ink " +
  "placeholder:text-muted aria-invalid:border-bad aria-invalid:bg-bad-soft disabled:bg-sunken disabled:text-muted";

interface FieldProps<Values extends object> {
  form: Form<Values>;
  name: keyof Values & string;
  label: string;
  hint?: JSX.Element;
  /** Why it is disabled. */
  disabledReason?: string | null;
  class?: string;
}

type Parts = { id: string; describedBy: string | undefined; isInvalid: "true" | undefined };

/** Label, hint and error around any input. */
export function Field(
  props: {
    label: string;
    hint?: JSX.Element;
    error?: string | null;
    class?: string;
    children: (parts: Parts) => JSX.Element;
  },
) {
  const id = createUniqueId();
  const describedBy = () =>
    [props.hint && `${id}-hint`, props.error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <div class={`flex min-w-0 flex-col gap-1 ${props.class ?? ""}`}>
      <label for={id} class="text-sm font-medium">{props.label}</label>
      {props.children({
        id,
        get describedBy() {
          return describedBy();
        },
        get isInvalid() {
          return props.error ? "true" as const : undefined;
        },
      })}
      <Show when={props.hint}>
        <p id={`${id}-hint`} class="text-xs text-muted">{props.hint}</p>
      </Show>
      <Show when={props.error}>
        <p id={`${id}-error`} class="flex items-start gap-1 text-xs text-bad">
          <AlertIcon class="mt-0.5 size-3 shrink-0" aria-hidden="true" />
          {props.error}
        </p>
      </Show>
    </div>
  );
}

/** `Field` for a value of a form. A disabled field shows the reason in place of its hint. */
function FormField<Values extends object>(
  props: FieldProps<Values> & {
    /** How a value is shown as text. */
    text?(value: unknown): string;
    children: (parts: Parts) => JSX.Element;
  },
) {
  describeIn(props);
  return (
    <Field
      label={props.label}
      hint={props.disabledReason ?? props.hint}
      error={props.form.errors[props.name]}
      class={props.class}
    >
      {props.children}
    </Field>
  );
}

type InputType = "text" | "email" | "password" | "date" | "url" | "search" | "datetime-local";

/** Tells the form what the field is called. */
function describeIn<Values extends object>(
  props: Pick<FieldProps<Values>, "form" | "name" | "label"> & { text?(value: unknown): string },
): void {
  const { form, name, text } = props;
  form.describeField(name, {
    get label() {
      return props.label;
    },
    text,
  });
}

/** A single-line text, a date or a URL. */
export function TextField<Values extends object>(
  props: FieldProps<Values> & {
    type?: InputType;
    placeholder?: string;
    autocomplete?: string;
    autofocus?: boolean;
    mono?: boolean;
    /** Suggestions; other values can be typed. */
    suggestions?: readonly string[];
    /** The value of an empty field; "" by default. */
    empty?: null | undefined;
    nullable?: boolean;
  },
) {
  return (
    <FormField {...props} text={props.type === "date" ? showDay : undefined}>
      {(parts) => (
        <>
          <input
            id={parts.id}
            name={props.name}
            type={props.type ?? "text"}
            class={`${inputClass} ${props.mono ? "font-mono" : ""}`}
            value={(props.form.values[props.name] ?? "") as string}
            placeholder={props.placeholder}
            autocomplete={props.autocomplete ?? "off"}
            autofocus={props.autofocus}
            disabled={Boolean(props.disabledReason)}
            list={props.suggestions ? `${parts.id}-list` : undefined}
            aria-describedby={parts.describedBy}
            aria-invalid={parts.isInvalid}
            onInput={(event) => {
              const { value } = event.currentTarget;
              props.form.set(
                props.name,
                (value === "" && props.nullable ? null : value) as Values[keyof Values & string],
              );
            }}
          />
          <Show when={props.suggestions}>
            <datalist id={`${parts.id}-list`}>
              <For each={props.suggestions}>{(value) => <option value={value} />}</For>
            </datalist>
          </Show>
        </>
      )}
    </FormField>
  );
}

/** A multi-line text. */
export function ProseField<Values extends object>(props: FieldProps<Values> & { rows?: number }) {
  return (
    <FormField {...props}>
      {(parts) => (
        <textarea
          id={parts.id}
          name={props.name}
          rows={props.rows ?? 4}
          class={`${inputClass} h-auto touch:h-auto py-1.5`}
          value={(props.form.values[props.name] ?? "") as string}
          disabled={Boolean(props.disabledReason)}
          aria-describedby={parts.describedBy}
          aria-invalid={parts.isInvalid}
          onInput={(event) =>
            props.form.set(props.name, event.currentTarget.value as Values[keyof Values & string])}
        />
      )}
    </FormField>
  );
}

/** A number; an empty field is null. */
export function NumberField<Values extends object>(
  props: FieldProps<Values> & { min?: number; max?: number; unit?: string; step?: number },
) {
  return (
    <FormField {...props}>
      {(parts) => (
        <input
          id={parts.id}
          name={props.name}
          type="number"
          inputmode="numeric"
          class={inputClass}
          min={props.min}
          max={props.max}
          step={props.step}
          value={(props.form.values[props.name] ?? "") as number}
          disabled={Boolean(props.disabledReason)}
          aria-describedby={parts.describedBy}
          aria-invalid={parts.isInvalid}
          onInput={(event) => {
            const { value, valueAsNumber } = event.currentTarget;
            props.form.set(
              props.name,
              (value === "" ? null : valueAsNumber) as Values[keyof Values & string],
            );
          }}
        />
      )}
    </FormField>
  );
}

function showDay(day: unknown): string {
  return formatDay(typeof day === "string" && day !== "" ? day : null);
}

/** A choice of a few values. */
export function ChoiceField<Values extends object>(
  props: FieldProps<Values> & { options: readonly (readonly [value: string, title: string])[] },
) {
  const titleOf = (value: unknown) =>
    props.options.find(([option]) => option === value)?.[1] ?? String(value);
  return (
    <FormField {...props} text={titleOf}>
      {(parts) => (
        <select
          id={parts.id}
          name={props.name}
          class={inputClass}
          disabled={Boolean(props.disabledReason)}
          aria-describedby={parts.describedBy}
          aria-invalid={parts.isInvalid}
          onChange={(event) =>
            props.form.set(props.name, event.currentTarget.value as Values[keyof Values & string])}
        >
          <For each={props.options}>
            {([value, title]) => (
              <option value={value} selected={value === (props.form.values[props.name] ?? "")}>
                {title}
              </option>
            )}
          </For>
        </select>
      )}
    </FormField>
  );
}

/** A checkbox. */
export function CheckField<Values extends object>(props: FieldProps<Values>) {
  describeIn(props);
  const id = createUniqueId();
  return (
    <div class={`flex items-start gap-2 ${props.class ?? ""}`}>
      <input
        id={id}
        name={props.name}
        type="checkbox"
        class="mt-0.5 size-4 touch:size-6 shrink-0 accent-accent"
        checked={Boolean(props.form.values[props.name])}
        disabled={Boolean(props.disabledReason)}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onChange={(event) =>
          props.form.set(props.name, event.currentTarget.checked as Values[keyof Values & string])}
      />
      <div>
        <label for={id} class="text-sm font-medium">{props.label}</label>
        <Show when={props.disabledReason ?? props.hint}>
          <p id={`${id}-hint`} class="text-xs text-muted">{props.disabledReason ?? props.hint}</p>
        </Show>
      </div>
    </div>
  );
}
