// The second step: a plan of the first product.
import { Show } from "solid-js";
import { newPlan } from "../../../server/domain/plans/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { codeOf } from "../../lib/codes.ts";
import { useApiMutation, useApiQuery } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { ChoiceField, NumberField, TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { toast } from "../../ui/Toasts.tsx";

type Product = Outputs["products"]["list"]["rows"][number];

export function PlanStep() {
  const products = useApiQuery("products", "list", () => ({ sort: "id" as const, limit: 1 }));
  return (
    <div class="flex flex-col gap-4">
      <p class="text-sm text-muted">
        A plan sets the default terms of licenses: duration, activation limit and features.
      </p>
      <QueryBoundary query={products}>
        {(page) => (
          <Show when={page().rows[0]} fallback={<p class="text-sm">Create the product first.</p>}>
            {(product) => <PlanForm product={product()} />}
          </Show>
        )}
      </QueryBoundary>
      <ButtonLink variant="quiet" class="self-start" href={addresses.plans()}>All plans</ButtonLink>
    </div>
  );
}

const start = { name: "Standard", duration: "P1Y", maxActivations: 2 as number | null };

function PlanForm(props: { product: Product }) {
  const create = useApiMutation("plans", "create");
  const form = createForm({
    schema: newPlan,
    start,
    prepare: ({ name, duration, maxActivations }) => ({
      productId: props.product.id,
      name,
      code: codeOf(name, "plan"),
      licenseType: duration === "" ? "perpetual" : "subscription",
      duration: duration || null,
      maxActivations,
      maxUsers: maxActivations,
      features: [],
    }),
    save: (checked) => create.run(checked),
    saved({ name }) {
      toast(`Plan “${name}” created.`);
      form.reset(start);
    },
  });
  return (
    <FormLayout form={form} verb="Add plan" disabledReason={missingRoleReason("manager")}>
      <TextField
        form={form}
        name="name"
        label="Name"
        hint={`For ${props.product.name}`}
      />
      <div class="grid gap-4 sm:grid-cols-2">
        <ChoiceField
          form={form}
          name="duration"
          label="Duration"
          options={[["P1M", "1 month"], ["P1Y", "1 year"], ["", "Perpetual"]]}
        />
        <NumberField form={form} name="maxActivations" label="Activation limit" min={1} max={1_000_000} />
      </div>
    </FormLayout>
  );
}
