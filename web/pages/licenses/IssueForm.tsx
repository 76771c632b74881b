// The form that issues one or many licenses.
import { useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { manyLicenses, newLicense } from "../../../server/domain/licenses/inputs.ts";
import { termNames as policyTerms } from "../../../server/domain/policy/inputs.ts";
import { isSame } from "../../lib/changes.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useAddressState } from "../../lib/address_state.ts";
import { today } from "../../lib/format.ts";
import { refresh } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { customerSearch, productSearch } from "../../features/pickers/searches.ts";
import { NoteFields } from "../../features/tags/NoteFields.tsx";
import { missingRoleReason } from "../../features/account/session.ts";
import { type Inputs, trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { NumberField, TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { Picker } from "../../ui/Picker.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { NewCustomerDialog } from "./NewCustomerDialog.tsx";
import { PlanField, usePlans } from "./PlanField.tsx";
import { TermFields } from "./TermFields.tsx";
import { type Plan, type Terms, termsOf } from "./terms.ts";

interface Values extends Terms {
  customerId: number | null;
  productId: number | null;
  planId: number | null;
  key: string;
  count: number | null;
  notes: string;
  tags: string[];
}

const termNames = ["type", "validUntil", ...policyTerms] as const;

export function IssueForm() {
  const navigate = useNavigate();
  const [state] = useAddressState({
    customerId: undefined as string | undefined,
    productId: undefined as string | undefined,
  });
  const [isAdding, setIsAdding] = createSignal(false);
  const idOf = (text: string | undefined) => Number(text) || null;
  const form = createForm({
    schema: manyLicenses.extend({ key: newLicense.shape.key }),
    start: {
      customerId: idOf(state.customerId),
      productId: idOf(state.productId),
      planId: null,
      key: "",
      count: 1,
      notes: "",
      tags: [],
      ...termsOf(undefined, today()),
    } as Values,
    draft: `license/new/${state.customerId ?? ""}`,
    prepare: toInput,
    async save(
      { count, key, ...input }: Inputs["jobs"]["issueLicenses"] & { key?: string },
    ): Promise<{ license?: { id: number; key: string }; job?: number }> {
      if (count > 1) return { job: (await trpc.jobs.issueLicenses.mutate({ ...input, count })).id };
      return { license: await trpc.licenses.issue.mutate({ ...input, key }) };
    },
    saved({ license, job }) {
      refresh();
      if (job) navigate(withQuery(addresses.newLicense(), { job }));
      else {
        toast(`License ${license!.key} created.`);
        navigate(addresses.license(license!.id));
      }
    },
  });
  const { values } = form;
  const plans = usePlans(() => values.productId);
  const plan = () => plans.data?.rows.find(({ id }) => id === values.planId);
  const planned = () => termsOf(plan(), values.validFrom);

  /**
   * Terms that equal the plan's are not sent: the server takes them from the plan as it is when the license is
   * issued.
   */
  function toInput(now: Values): unknown {
    const planTerms = termsOf(plan(), now.validFrom);
    const isOwn = (name: (typeof termNames)[number]) => !plan() || !isSame(now[name], planTerms[name]);
    const terms = termNames.filter((name) =>
      // The server would count the first period by another duration, and not until the day that is shown.
      isOwn(name) || name === "validUntil" && now.validUntil !== null && isOwn("duration")
    ).map((name) => [name, now[name]]);
    return {
      customerId: now.customerId,
      productId: now.productId,
      planId: now.planId,
      key: (now.count ?? 1) > 1 || !now.key.trim() ? undefined : now.key,
      count: now.count,
      notes: now.notes,
      tags: now.tags,
      validFrom: now.validFrom || undefined,
      ...Object.fromEntries(terms),
    };
  }

  function choosePlan(chosen: Plan | null): void {
    form.set("planId", chosen?.id ?? null);
    const planTerms = termsOf(chosen ?? undefined, values.validFrom);
    for (const name of termNames) form.set(name, planTerms[name] as never);
  }
  function chooseProduct(id: number | null): void {
    if (id === values.productId) return;
    form.set("productId", id);
    choosePlan(null);
  }
  /** Changing the first day moves the last day, unless that was set by hand. */
  const setTerm: typeof form.set = (name, value) => {
    const follows = name === "validFrom" && values.validUntil === planned().validUntil;
    form.set(name, value);
    if (follows) form.set("validUntil", planned().validUntil);
  };

  return (
    <Card class="max-w-3xl">
      <FormLayout
        form={form}
        verb={(values.count ?? 1) > 1 ? `Create ${values.count} licenses` : "Create license"}
        disabledReason={missingRoleReason("manager")}
        cancel={addresses.licenses()}
      >
        <div class="flex flex-wrap items-start gap-2">
          <div class="min-w-56 flex-1">
            <Picker
              label="Customer"
              search={customerSearch}
              value={values.customerId}
              choose={(choice) => form.set("customerId", choice?.id ?? null)}
              error={form.errors.customerId}
            />
          </div>
          <Button
            class="mt-6"
            disabledReason={missingRoleReason("manager")}
            onClick={() => setIsAdding(true)}
          >
            <AddIcon /> New customer
          </Button>
        </div>
        <div class="grid gap-4 sm:grid-cols-2">
          <Picker
            label="Product"
            search={productSearch}
            value={values.productId}
            choose={(choice) => chooseProduct(choice?.id ?? null)}
            error={form.errors.productId}
          />
          <PlanField
            plans={plans.data?.rows}
            hasProduct={values.productId !== null}
            value={values.planId}
            choose={choosePlan}
            error={form.errors.planId}
          />
        </div>
        <TermFields form={{ ...form, set: setTerm }} plan={plan() ? planned() : null} />
        <div class="grid gap-4 sm:grid-cols-2">
          <NumberField
            form={form}
            name="count"
            label="Quantity"
            min={1}
            max={10_000}
            hint="More than one runs as a background job."
          />
          <Show when={(values.count ?? 1) <= 1}>
            <TextField
              form={form}
              name="key"
              label="License key"
              mono
              hint="Leave blank to generate."
            />
          </Show>
        </div>
        <NoteFields form={form} />
      </FormLayout>
      <NewCustomerDialog
        isOpen={isAdding()}
        close={() => setIsAdding(false)}
        added={(id) => form.set("customerId", id)}
      />
    </Card>
  );
}
