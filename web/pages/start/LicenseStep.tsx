// The third step: a license, for the first customer. Somebody is the customer of a trial run, too.
import { Show } from "solid-js";
import { newCustomer } from "../../../server/domain/customers/inputs.ts";
import { addresses } from "../../addresses.ts";
import { refresh, useAnswer } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { me, whyNot } from "../../lib/session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { Answered } from "../../ui/Answered.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { tell } from "../../ui/Toasts.tsx";

type Plan = Outputs["plans"]["list"]["rows"][number];

export function LicenseStep() {
  const plans = useAnswer("plans", "list", () => ({ sort: "id" as const, limit: 1 }));
  return (
    <div class="flex flex-col gap-4">
      <p class="text-sm text-muted">
        A license is a key for a customer. Begin with one for yourself, to try it.
      </p>
      <Answered of={plans}>
        {(page) => (
          <Show when={page().rows[0]} fallback={<p class="text-sm">Product and plan come first.</p>}>
            {(plan) => <LicenseForm plan={plan()} />}
          </Show>
        )}
      </Answered>
      <ButtonLink look="quiet" class="self-start" href={addresses.licenses()}>All licenses</ButtonLink>
    </div>
  );
}

function LicenseForm(props: { plan: Plan }) {
  const start = { name: me()?.name ?? "", email: me()?.email ?? "" };
  // A second try after half a success must not add the customer twice.
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
      tell(`The license ${key} is issued.`);
      form.reset(start);
      refresh();
    },
  });
  return (
    <FormFrame form={form} verb="Issue the license" why={whyNot("manager")}>
      <div class="grid gap-4 sm:grid-cols-2">
        <TextField
          form={form}
          name="name"
          label="Customer"
          hint={`Gets ${props.plan.productName}, ${props.plan.name}.`}
        />
        <TextField form={form} name="email" label="Their email" type="email" />
      </div>
    </FormFrame>
  );
}
