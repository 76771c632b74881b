// Adding a product.
import { useNavigate } from "@solidjs/router";
import { newProduct } from "../../../server/domain/products/inputs.ts";
import { addresses } from "../../addresses.ts";
import { useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { whyNot } from "../../lib/session.ts";
import { Card } from "../../ui/Card.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { Page } from "../../ui/Page.tsx";
import { tell } from "../../ui/Toasts.tsx";
import { ProductFields } from "./ProductFields.tsx";

export function NewProduct() {
  const navigate = useNavigate();
  const create = useChange("products", "create");
  const form = createForm({
    schema: newProduct,
    start: { name: "", code: "" },
    draft: "product/new",
    save: (checked) => create.run(checked),
    saved({ id, name }) {
      tell(`${name} is a product.`);
      navigate(addresses.product(id));
    },
  });
  return (
    <Page title="New product" back={{ href: addresses.products(), title: "Products" }}>
      <Card class="max-w-2xl">
        <FormFrame form={form} verb="Create product" why={whyNot("manager")} cancel={addresses.products()}>
          <ProductFields form={form} isNew />
        </FormFrame>
      </Card>
    </Page>
  );
}
