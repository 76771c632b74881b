// The fields of a license's terms. Each shows the plan's value where it differs.
import type { Form } from "../../lib/form.ts";
import { formatDay, formatDuration, formatNumber, formatWord } from "../../lib/format.ts";
import { TermSections } from "../../features/terms/TermSections.tsx";
import { DurationField } from "../../ui/DurationField.tsx";
import { ChoiceField, NumberField, TextField } from "../../ui/Field.tsx";
import { licenseTypes } from "./license_list.tsx";
import type { Terms } from "./terms.ts";

export function TermFields(
  props: {
    form: Form<Terms>;
    /** The plan's terms; null when no plan is chosen. */
    plan: Terms | null;
    inUse?: number;
  },
) {
  const hint = <Name extends keyof Terms>(
    name: Name,
    say: (value: Terms[Name]) => string,
    otherwise: string,
  ) => {
    const { plan, form } = props;
    if (!plan) return otherwise;
    return plan[name] === form.values[name] ? "Plan default" : `Overrides plan (${say(plan[name])})`;
  };
  const number = (value: number | null) => formatNumber(value ?? 1);
  return (
    <div class="grid gap-4 sm:grid-cols-2">
      <ChoiceField
        form={props.form}
        name="type"
        label="Type"
        options={licenseTypes}
        hint={hint("type", formatWord, "License type")}
        class="sm:col-span-2"
      />
      <TextField
        form={props.form}
        name="validFrom"
        label="Starts"
        type="date"
        hint="First valid day (inclusive)"
      />
      <TextField
        form={props.form}
        name="validUntil"
        label="Expires"
        type="date"
        nullable
        hint={`${
          hint("validUntil", (day) => day ? formatDay(day) : "never", "Last valid day (inclusive)")
        }. Leave blank for no expiration.`}
      />
      <NumberField
        form={props.form}
        name="maxActivations"
        label="Activation limit"
        min={0}
        hint={props.inUse === undefined
          ? hint("maxActivations", number, "Max. devices")
          : `${
            formatNumber(props.inUse)
          } in use. Lowering the limit keeps existing devices but blocks new ones.`}
      />
      <NumberField
        form={props.form}
        name="maxUsers"
        label="Concurrent users"
        min={0}
        hint={hint("maxUsers", number, "Max. simultaneous sessions")}
      />
      <div class="grid gap-4 sm:col-span-2">
        <DurationField
          form={props.form}
          name="duration"
          label="Renewed by"
          hint={hint("duration", formatDuration, "What a renewal adds to the expiration date.")}
          forever="Not renewed"
        />
        <TermSections form={props.form} plan={props.plan} isTrial={props.form.values.type === "trial"} />
      </div>
    </div>
  );
}
