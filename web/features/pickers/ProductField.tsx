// The field with the product that a new plan or release belongs to.
import type { Form } from "../../lib/form.ts";
import { Picker } from "../../ui/Picker.tsx";
import { productSearch } from "./searches.ts";

export function ProductField(props: { form: Form<{ productId: number | null }> }) {
  props.form.describeField("productId", {
    label: "Product",
    text: (id) => productSearch.name(Number(id)),
  });
  return (
    <Picker
      label="Product"
      search={productSearch}
      value={props.form.values.productId}
      choose={(product) => props.form.set("productId", product?.id ?? null)}
      error={props.form.errors.productId}
    />
  );
}
