// The third step: a customer and a license for them.
import { Show } from "solid-js";
import { newCustomer } from "../../../server/domain/customers/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { me, missingRoleReason } from "../../features/account/session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { toast } from "../../ui/Toasts.tsx";

type Plan = Outputs["plans"]["list"]["rows"][number];

export function LicenseStep() {
  const plans = useApiQuery("plans", "list", () => ({ sort: "id" as const, limit: 1 }));
  return (
    <div class="flex flex-col gap-4">
      <p class="text-sm text-muted">
        A license is a key for a customer. Create one for yourself to try it.
      </p>
      <QueryBoundary query={plans}>
        {(page) => (
          <Show
            when={page().rows[0]}
            fallback={<p class="text-sm">Create the product and the plan first.</p>}
          >
            {(plan) => <LicenseForm plan={plan()} />}
          </Show>
        )}
      </QueryBoundary>
      <ButtonLink variant="quiet" class="self-start" href={addresses.licenses()}>All licenses</ButtonLink>
    </div>
  );
}

function LicenseForm(props: { plan: Plan }) {
  const start = { name: me()?.name ?? "", email: me()?.email ?? "" };
  // A repeated submission after the license failed must not create the customer again.
  let customerId: number | null = null;
  const form = createForm({
    schema: newCustomer,
    start,
    async save(checked: Parameters<typeof trpc.customers.create.mutate>[0]) {
      customerId ??= (await trpc.customers.create.mutate(checked)).id;
      return await trpc.licenses.issue.mutate({
        customerId,
        productId: props.plan.productId,
        planId: props.plan.id,
      });
    },
    saved({ key }) {
      customerId = null;
      toast(`License ${key} created.`);
      form.reset(start);
      refresh();
    },
  });
  return (
    <FormLayout form={form} verb="Create license" disabledReason={missingRoleReason("manager")}>
      <div class="grid gap-4 sm:grid-cols-2">
        <TextField
          form={form}
          name="name"
          label="Customer"
          hint={`Plan: ${props.plan.productName}, ${props.plan.name}`}
        />
        <TextField form={form} name="email" label="Customer email" type="email" />
      </div>
    </FormLayout>
  );
}
