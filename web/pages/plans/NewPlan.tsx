// Adding a plan to a product.
import { useNavigate, useSearchParams } from "@solidjs/router";
import { newPlan } from "../../../server/domain/plans/inputs.ts";
import { addresses } from "../../addresses.ts";
import { useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { productSearch } from "../../lib/searches.ts";
import { whyNot } from "../../lib/session.ts";
import { Card } from "../../ui/Card.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { Page } from "../../ui/Page.tsx";
import { Picker } from "../../ui/Picker.tsx";
import { tell } from "../../ui/Toasts.tsx";
import { PlanFields, type PlanTerms } from "./PlanFields.tsx";

interface NewTerms extends PlanTerms {
  productId: number | null;
}

export function NewPlan() {
  const navigate = useNavigate();
  const [params] = useSearchParams<{ productId: string }>();
  const productId = Number(params.productId) || null;
  const create = useChange("plans", "create");
  const form = createForm<NewTerms, { id: number; name: string }>({
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
      tell(`${name} is a plan.`);
      navigate(addresses.plan(id));
    },
  });
  const cancel = productId ? addresses.product(productId) : addresses.plans();
  return (
    <Page title="New plan" back={{ href: addresses.plans(), title: "Plans" }}>
      <Card class="max-w-2xl">
        <FormFrame form={form} verb="Create plan" why={whyNot("manager")} cancel={cancel}>
          <Picker
            label="Product"
            search={productSearch}
            value={form.values.productId}
            choose={(product) => form.set("productId", product?.id ?? null)}
            error={form.errors.productId}
          />
          <PlanFields form={form} isNew />
        </FormFrame>
      </Card>
    </Page>
  );
}
