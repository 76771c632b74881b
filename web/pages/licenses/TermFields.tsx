// The fields of a license's terms. Each shows the plan's value where it differs.
import type { Form } from "../../lib/form.ts";
import { formatDay, formatNumber, formatWord } from "../../lib/format.ts";
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
    return plan[name] === form.values[name] ? "As the plan says." : `The plan says ${say(plan[name])}.`;
  };
  const number = (value: number | null) => formatNumber(value ?? 1);
  return (
    <div class="grid gap-4 sm:grid-cols-2">
      <ChoiceField
        form={props.form}
        name="type"
        label="Type"
        options={licenseTypes}
        hint={hint("type", formatWord, "How it is sold.")}
        class="sm:col-span-2"
      />
      <TextField form={props.form} name="validFrom" label="From" type="date" hint="The first day, inside." />
      <TextField
        form={props.form}
        name="validUntil"
        label="Until"
        type="date"
        nullable
        hint={`${
          hint("validUntil", (day) => day ? formatDay(day) : "never", "The last day, inside.")
        } Empty never expires.`}
      />
      <NumberField
        form={props.form}
        name="maxActivations"
        label="Machines"
        min={0}
        hint={props.inUse === undefined
          ? hint("maxActivations", number, "On how many it may be activated.")
          : `${
            formatNumber(props.inUse)
          } in use. Below that no machine is deactivated, and no new one is activated.`}
      />
      <NumberField
        form={props.form}
        name="maxUsers"
        label="Concurrent users"
        min={0}
        hint={hint("maxUsers", number, "On how many machines it may run at once.")}
      />
    </div>
  );
}
