// Adding a plan to a product.
import { useNavigate, useSearchParams } from "@solidjs/router";
import { newPlan } from "../../../server/domain/plans/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { productSearch } from "../../features/pickers/searches.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { Card } from "../../ui/Card.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Page } from "../../ui/Page.tsx";
import { Picker } from "../../ui/Picker.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { PlanFields, type PlanValues } from "./PlanFields.tsx";

interface NewPlanValues extends PlanValues {
  productId: number | null;
}

export function NewPlan() {
  const navigate = useNavigate();
  const [params] = useSearchParams<{ productId: string }>();
  const productId = Number(params.productId) || null;
  const create = useApiMutation("plans", "create");
  const form = createForm<NewPlanValues, { id: number; name: string }>({
    schema: newPlan,
    start: {
      productId,
      name: "",
      code: "",
      licenseType: "subscription",
      duration: "P1Y",
      maxActivations: 1,
      maxUsers: 1,
      features: [],
    },
    draft: `plan/new/${productId ?? ""}`,
    save: (checked) => create.run(checked),
    saved({ id, name }) {
      toast(`${name} is a plan.`);
      navigate(addresses.plan(id));
    },
  });
  const cancel = productId ? addresses.product(productId) : addresses.plans();
  return (
    <Page title="New plan" back={{ href: addresses.plans(), title: "Plans" }}>
      <Card class="max-w-2xl">
        <FormLayout
          form={form}
          verb="Create plan"
          disabledReason={missingRoleReason("manager")}
          cancel={cancel}
        >
          <Picker
            label="Product"
            search={productSearch}
            value={form.values.productId}
            choose={(product) => form.set("productId", product?.id ?? null)}
            error={form.errors.productId}
          />
          <PlanFields form={form} isNew />
        </FormLayout>
      </Card>
    </Page>
  );
}
