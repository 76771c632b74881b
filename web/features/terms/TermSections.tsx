// The fields of the terms beside duration and limits, in sections that open. A section says which of its terms are not the
// defaults, or differ from the plan's.
import { For, Match, Switch } from "solid-js";
import { defaultTerms, type Terms } from "../../../server/domain/policy/inputs.ts";
import type { Form } from "../../lib/form.ts";
import { DurationField } from "../../ui/DurationField.tsx";
import { CheckField, ChoiceField, NumberField, TextField } from "../../ui/Field.tsx";
import { MetersField } from "../meters/MetersField.tsx";
import { EntitlementsField } from "./EntitlementsField.tsx";
import { describeTerm, labelledTerm, termFields } from "./term_labels.ts";

/** The terms that the sections have; the others are fields of their own. */
type SectionTerms = Omit<Terms, "duration" | "maxActivations" | "maxUsers">;
type Name = keyof SectionTerms;

const termSections: readonly { title: string; names: readonly Name[] }[] = [
  { title: "Periods and renewal", names: ["expiryBasis", "renewalBasis"] },
  { title: "After the expiration date", names: ["graceDays", "afterExpiry"] },
  { title: "Updates and versions", names: ["updates", "versions"] },
  {
    title: "Devices",
    names: [
      "machineOverage",
      "machineReplacement",
      "replacementIdleDays",
      "maxNewMachines",
      "machineLease",
      "machineMatching",
      "machineUniqueness",
    ],
  },
  { title: "Concurrent users", names: ["seatScope", "seatTtl", "seatQueue"] },
  { title: "Offline use", names: ["offlineDays", "offlineBorrowing"] },
  { title: "Entitlements", names: ["entitlements"] },
  { title: "Metered use", names: ["meters"] },
  { title: "Trials", names: ["trialPer"] },
];

/**
 * @param props.plan the plan's terms, for the terms of a license; null when no plan is chosen
 * @param props.isTrial whether the section of trials applies
 */
export function TermSections(
  props: { form: Form<SectionTerms>; plan?: SectionTerms | null; isTrial: boolean; known?: string[] },
) {
  const sections = () => termSections.filter(({ title }) => title !== "Trials" || props.isTrial);
  return (
    <div class="divide-y divide-line rounded-md border border-line">
      <For each={sections()}>{(section) => <Section {...props} {...section} />}</For>
    </div>
  );
}

function Section(
  props: {
    form: Form<SectionTerms>;
    plan?: SectionTerms | null;
    title: string;
    names: readonly Name[];
    known?: string[];
  },
) {
  const base = () => props.plan ?? defaultTerms;
  const differing = () =>
    props.names.filter((name) => JSON.stringify(props.form.values[name]) !== JSON.stringify(base()[name]));
  const summary = () =>
    differing().length === 0
      ? props.plan ? "As the plan" : "Default"
      : differing().map((name) => labelledTerm(name, props.form.values[name])).join(" · ");
  const hasError = () =>
    props.names.some((name) =>
      Object.keys(props.form.errors).some((field) => field === name || field.startsWith(`${name}.`))
    );
  return (
    <details open={hasError()}>
      <summary class="cursor-pointer px-3 py-2 text-sm">
        <span class="font-medium">{props.title}</span>
        <span class="ml-2 text-xs text-muted">{summary()}</span>
      </summary>
      <div class="grid gap-4 px-3 pb-3">
        <For each={props.names}>
          {(name) => <TermInput form={props.form} name={name} plan={props.plan} known={props.known} />}
        </For>
      </div>
    </details>
  );
}

function TermInput(
  props: { form: Form<SectionTerms>; name: Name; plan?: SectionTerms | null; known?: string[] },
) {
  const field = () => termFields[props.name];
  const hint = () => {
    const { plan, name, form } = props;
    if (!plan || JSON.stringify(plan[name]) === JSON.stringify(form.values[name])) return field().hint;
    return `Overrides plan (${describeTerm(name, plan[name])}). ${field().hint}`;
  };
  const common = () => ({ form: props.form, name: props.name, label: field().label, hint: hint() });
  return (
    <Switch fallback={<NumberField {...common()} min={0} />}>
      <Match when={field().options}>
        {(options) => <ChoiceField {...common()} options={options()} />}
      </Match>
      <Match when={props.name === "entitlements"}>
        <EntitlementsField {...common()} known={props.known} />
      </Match>
      <Match when={props.name === "meters"}>
        <MetersField {...common()} />
      </Match>
      <Match when={props.name === "seatQueue" || props.name === "offlineBorrowing"}>
        <CheckField {...common()} />
      </Match>
      <Match when={props.name === "versions"}>
        <TextField {...common()} mono nullable placeholder=">=2.0.0 <3.0.0" />
      </Match>
      <Match when={props.name === "updates"}>
        <DurationField {...common()} forever={field().blank} />
      </Match>
      <Match when={props.name === "machineLease"}>
        <DurationField {...common()} forever={field().blank} isShort />
      </Match>
    </Switch>
  );
}
