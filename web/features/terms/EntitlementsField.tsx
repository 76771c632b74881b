// The field of entitlements: names with true, a number or a text, for plans and for the terms of a license.
import { entitlementValue } from "../../../server/domain/policy/inputs.ts";
import { code } from "../../../server/domain/input_fields.ts";
import type { Form } from "../../lib/form.ts";
import { NamedValues, type ValueKind } from "../../ui/NamedValues.tsx";
import { describeEntitlements } from "./entitlements.ts";

const kinds: readonly ValueKind[] = [
  { title: "Included", is: (value) => value === true, start: true },
  { title: "Number", is: (value) => typeof value === "number", start: null, input: "number" },
  { title: "Text", is: (value) => typeof value === "string", start: "", input: "text" },
];

/** @param props.known suggested names */
export function EntitlementsField<Values extends object>(
  props: {
    form: Form<Values>;
    name: keyof Values & string;
    label: string;
    hint?: string;
    disabledReason?: string | null;
    known?: string[];
  },
) {
  props.form.describeField(props.name, { label: props.label, text: describeEntitlements });
  const values = () => (props.form.values[props.name] ?? {}) as Record<string, unknown>;

  function problemOf(name: string): string | null {
    const problem = code.safeParse(name).error?.issues[0].message;
    if (problem !== undefined) return `${problem}.`;
    const refused = props.form.errors[`${props.name}.${name}`];
    if (refused === undefined) return null;
    return entitlementValue.safeParse(values()[name]).success ? refused : "Enter a value.";
  }

  return (
    <NamedValues
      label={props.label}
      noun="entitlement"
      hint={props.hint ?? "What the app may do. Type a name and press Enter."}
      error={props.form.errors[props.name]}
      disabledReason={props.disabledReason}
      values={values()}
      set={(next) => props.form.set(props.name, next as Values[keyof Values & string])}
      kinds={kinds}
      added
      problemOf={problemOf}
      maxLength={255}
      known={props.known}
    />
  );
}
