// The first step: a product.
import { newProduct } from "../../../server/domain/products/inputs.ts";
import { addresses } from "../../addresses.ts";
import { useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { whyNot } from "../../lib/session.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { tell } from "../../ui/Toasts.tsx";
import { codeOf } from "./names.ts";

export function ProductStep() {
  const create = useChange("products", "create");
  const form = createForm({
    schema: newProduct,
    start: { name: "" },
    draft: "start/product",
    prepare: ({ name }) => ({ name, code: codeOf(name, "product") }),
    save: (checked) => create.run(checked),
    saved({ name }) {
      tell(`${name} is a product.`);
      form.reset({ name: "" });
    },
  });
  return (
    <div class="flex flex-col gap-4">
      <p class="text-sm text-muted">
        A product is a program that is licensed. Every license is for one.
      </p>
      <FormFrame form={form} verb="Add the product" why={whyNot("manager")}>
        <TextField
          form={form}
          name="name"
          label="What people call it"
          placeholder="Pattern Studio"
          hint={form.values.name.trim()
            ? `Programs call it ${codeOf(form.values.name, "product")}.`
            : "The name on your website will do."}
        />
      </FormFrame>
      <ButtonLink look="quiet" class="self-start" href={addresses.products()}>All products</ButtonLink>
    </div>
  );
}
