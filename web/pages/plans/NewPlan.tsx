// The page that creates a plan of a product.
import { useNavigate, useSearchParams } from "@solidjs/router";
import { newPlan } from "../../../server/domain/plans/inputs.ts";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { productSearch } from "../../features/pickers/searches.ts";
import { addresses } from "../../lib/addresses.ts";
import { createForm } from "../../lib/form.ts";
import { useApiMutation } from "../../lib/queries.ts";
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
  const start: NewPlanValues = {
    productId,
    name: "",
    code: "",
    licenseType: "subscription",
    duration: "P1Y",
    maxActivations: 1,
    maxUsers: 1,
    features: [],
  };
  const form = createForm({
    schema: newPlan,
    start,
    draft: `plan/new/${productId ?? ""}`,
    save: (checked) => create.run(checked),
    saved({ id, name }) {
      toast(`${name} is a plan.`);
      navigate(addresses.plan(id));
    },
  });
  return (
    <CreatePage
      title="New plan"
      list={{ href: addresses.plans(), title: "Plans" }}
      form={form}
      verb="Create plan"
      cancel={productId ? addresses.product(productId) : undefined}
    >
      <Picker
        label="Product"
        search={productSearch}
        value={form.values.productId}
        choose={(product) => form.set("productId", product?.id ?? null)}
        error={form.errors.productId}
      />
      <PlanFields form={form} isNew />
    </CreatePage>
  );
}
