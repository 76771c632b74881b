// The page that creates a plan of a product.
import { useSearchParams } from "@solidjs/router";
import { newPlan } from "../../../server/domain/plans/inputs.ts";
import { defaultTerms } from "../../../server/domain/policy/inputs.ts";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { ProductField } from "../../features/pickers/ProductField.tsx";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { PlanFields, type PlanValues } from "./PlanFields.tsx";

interface NewPlanValues extends PlanValues {
  productId: number | null;
}

export function NewPlan() {
  const [params] = useSearchParams<{ productId: string }>();
  const productId = Number(params.productId) || null;
  const create = useApiMutation("plans", "create");
  const start: NewPlanValues = {
    productId,
    name: "",
    code: "",
    licenseType: "subscription",
    features: [],
    ...defaultTerms,
    duration: "P1Y",
  };
  return (
    <CreatePage
      title="New plan"
      list={{ href: addresses.plans(), title: "Plans" }}
      form={{
        schema: newPlan,
        start,
        draft: `plan/new/${productId ?? ""}`,
        save: (checked) => create.run(checked),
      }}
      href={addresses.plan}
      message={({ name }) => `Plan “${name}” created.`}
      verb="Create plan"
      cancel={productId ? addresses.product(productId) : undefined}
    >
      {(form) => (
        <>
          <ProductField form={form} />
          <PlanFields form={form} isNew />
        </>
      )}
    </CreatePage>
  );
}
