// The first step: a product.
import { newProduct } from "../../../server/domain/products/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { codeOf } from "../../lib/codes.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { toast } from "../../ui/Toasts.tsx";

export function ProductStep() {
  const create = useApiMutation("products", "create");
  const form = createForm({
    schema: newProduct,
    start: { name: "" },
    draft: "start/product",
    prepare: ({ name }) => ({ name, code: codeOf(name, "product") }),
    save: (checked) => create.run(checked),
    saved({ name }) {
      toast(`Product “${name}” created.`);
      form.reset({ name: "" });
    },
  });
  return (
    <div class="flex flex-col gap-4">
      <p class="text-sm text-muted">
        A product is an app that you license. Every license belongs to one.
      </p>
      <FormLayout form={form} verb="Create product" disabledReason={missingRoleReason("manager")}>
        <TextField
          form={form}
          name="name"
          label="Display name"
          placeholder="Pattern Studio"
          hint={form.values.name.trim()
            ? `Identifier used in the API: ${codeOf(form.values.name, "product")}`
            : "As shown on your website."}
        />
      </FormLayout>
      <ButtonLink variant="quiet" class="self-start" href={addresses.products()}>All products</ButtonLink>
    </div>
  );
}
