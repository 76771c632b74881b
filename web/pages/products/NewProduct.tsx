// Adding a product.
import { useNavigate } from "@solidjs/router";
import { newProduct } from "../../../server/domain/products/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { Card } from "../../ui/Card.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Page } from "../../ui/Page.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { ProductFields } from "./ProductFields.tsx";

export function NewProduct() {
  const navigate = useNavigate();
  const create = useApiMutation("products", "create");
  const form = createForm({
    schema: newProduct,
    start: { name: "", code: "" },
    draft: "product/new",
    save: (checked) => create.run(checked),
    saved({ id, name }) {
      toast(`${name} is a product.`);
      navigate(addresses.product(id));
    },
  });
  return (
    <Page title="New product" back={{ href: addresses.products(), title: "Products" }}>
      <Card class="max-w-2xl">
        <FormLayout
          form={form}
          verb="Create product"
          disabledReason={missingRoleReason("manager")}
          cancel={addresses.products()}
        >
          <ProductFields form={form} isNew />
        </FormLayout>
      </Card>
    </Page>
  );
}
