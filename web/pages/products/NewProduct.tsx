// The page that creates a product.
import { useNavigate } from "@solidjs/router";
import { newProduct } from "../../../server/domain/products/inputs.ts";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { addresses } from "../../lib/addresses.ts";
import { createForm } from "../../lib/form.ts";
import { useApiMutation } from "../../lib/queries.ts";
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
    <CreatePage
      title="New product"
      list={{ href: addresses.products(), title: "Products" }}
      form={form}
      verb="Create product"
    >
      <ProductFields form={form} isNew />
    </CreatePage>
  );
}
