// The choice of a product's plan, or of none.
import { Show } from "solid-js";
import { useApiQuery } from "../../lib/queries.ts";
import { formatCount, formatDuration } from "../../lib/format.ts";
import { Field, inputClass } from "../../ui/Field.tsx";
import type { Plan } from "./terms.ts";

/** The plans of a product; none while no product is chosen. */
export function usePlans(productId: () => number | null) {
  return useApiQuery("plans", "list", () => {
    const id = productId();
    return id === null ? null : { productId: id, sort: "name" as const, limit: 200 };
  });
}

export function PlanField(
  props: {
    plans: Plan[] | undefined;
    hasProduct: boolean;
    value: number | null;
    choose(plan: Plan | null): void;
    error?: string | null;
    hint?: string;
  },
) {
  const titleOf = ({ name, duration, maxActivations }: Plan) =>
    `${name} · ${formatDuration(duration)} · ${formatCount(maxActivations, "device")}`;
  return (
    <Field
      label="Plan"
      error={props.error}
      hint={!props.hasProduct
        ? "Select a product first."
        : props.plans?.length === 0
        ? "This product has no plans. Set the terms below."
        : props.hint ?? "Sets the defaults below; you can override them."}
    >
      {(parts) => (
        <select
          id={parts.id}
          class={inputClass}
          disabled={!props.plans || props.plans.length === 0}
          aria-describedby={parts.describedBy}
          aria-invalid={parts.isInvalid}
          onChange={(event) => {
            const id = Number(event.currentTarget.value);
            props.choose(props.plans!.find((plan) => plan.id === id) ?? null);
          }}
        >
          <option value="" selected={props.value === null}>No plan</option>
          <Show when={props.plans}>
            {(plans) =>
              plans().map((plan) => (
                <option value={plan.id} selected={plan.id === props.value}>{titleOf(plan)}</option>
              ))}
          </Show>
        </select>
      )}
    </Field>
  );
}
