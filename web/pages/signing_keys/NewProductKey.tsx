// The dialog that creates a signing key for a product.
import { productKey } from "../../../server/domain/signing/inputs.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { productSearch } from "../../features/pickers/searches.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Picker } from "../../ui/Picker.tsx";
import { toast } from "../../ui/Toasts.tsx";

export function NewProductKey(props: { close(): void }) {
  const create = useApiMutation("signingKeys", "create");
  const form = createForm({
    schema: productKey,
    start: { productId: null as number | null },
    save: (checked) => create.run(checked),
    saved: () => {
      toast("New signing key created.");
      props.close();
    },
  });
  return (
    <Dialog
      title="New product key"
      hint="It signs for the product instead of the default key. What the default key signed remains valid until it expires."
      isOpen
      close={props.close}
    >
      <FormLayout form={form} verb="Create key">
        <Picker
          label="Product"
          search={productSearch}
          value={form.values.productId}
          choose={(choice) => form.set("productId", choice?.id ?? null)}
          error={form.errors.productId}
        />
      </FormLayout>
    </Dialog>
  );
}
