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
    canBeForever?: boolean;
  },
) {
  props.form.describeField(props.name, {
    label: props.label,
    text: (duration) => formatDuration(duration as string | null),
  });
  return (
    <DurationInput
      label={props.label}
      hint={props.hint}
      error={props.form.errors[props.name]}
      value={props.form.values[props.name] as string | null}
      set={(next) => props.form.set(props.name, next as Values[keyof Values & string])}
      canBeForever={props.canBeForever}
    />
  );
}
