// The page that creates a product.
import { newProduct } from "../../../server/domain/products/inputs.ts";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { ProductFields } from "./ProductFields.tsx";

export function NewProduct() {
  const create = useApiMutation("products", "create");
  return (
    <CreatePage
      title="New product"
      list={{ href: addresses.products(), title: "Products" }}
      form={{
        schema: newProduct,
        start: { name: "", code: "" },
        draft: "product/new",
        save: (checked) => create.run(checked),
      }}
      href={addresses.product}
      message={({ name }) => `Product “${name}” created.`}
      verb="Create product"
    >
      {(form) => <ProductFields form={form} isNew />}
    </CreatePage>
  );
}
