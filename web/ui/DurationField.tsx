// `DurationInput` for a value of a form.
import type { Form } from "../lib/form.ts";
import { formatDuration } from "../lib/format.ts";
import { DurationInput } from "./DurationInput.tsx";

export function DurationField<Values extends object>(
  props: {
    form: Form<Values>;
    name: keyof Values & string;
    label: string;
    hint?: string;
    /** What null is called, where it can be chosen. */
    forever?: string;
    /** Days, hours or minutes instead of days, months or years. */
    isShort?: boolean;
  },
) {
  props.form.describeField(props.name, {
    label: props.label,
    text: (duration) => duration === null ? props.forever ?? "" : formatDuration(duration as string),
  });
  return (
    <DurationInput
      label={props.label}
      hint={props.hint}
      error={props.form.errors[props.name]}
      value={props.form.values[props.name] as string | null}
      set={(next) => props.form.set(props.name, next as Values[keyof Values & string])}
      forever={props.forever}
      isShort={props.isShort}
    />
  );
}
