// The dialogs that create an API key and show it once.
import { createSignal, Show } from "solid-js";
import { newApiKey } from "../../../server/domain/api_keys/inputs.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { productSearch } from "../../features/pickers/searches.ts";
import { CodeBlock } from "../../ui/Code.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Picker } from "../../ui/Picker.tsx";
import { SecretDialog } from "../../ui/SecretDialog.tsx";
import type { Outputs } from "../../lib/trpc.ts";

type CreatedApiKey = Outputs["apiKeys"]["create"];

export function NewApiKey(props: { close(): void }) {
  const create = useApiMutation("apiKeys", "create");
  const [created, setCreated] = createSignal<CreatedApiKey | null>(null);
  const form = createForm({
    schema: newApiKey,
    start: { name: "", productId: null as number | null },
    save: (checked) => create.run(checked),
    saved: setCreated,
  });
  return (
    <Show
      when={created()}
      fallback={
        <Dialog
          title="New API key"
          hint="Create one per app or script, so that each can be revoked separately."
          isOpen
          close={props.close}
        >
          <FormLayout form={form} verb="Create key">
            <TextField
              form={form}
              name="name"
              label="Name"
              hint="For example “Desktop app 2” or “Build server”."
              autofocus
            />
            <Picker
              label="Product"
              search={productSearch}
              value={form.values.productId}
              choose={(choice) => form.set("productId", choice?.id ?? null)}
              hint="Restricts the key to licenses of this product. Leave blank for all products."
              placeholder="All products"
              error={form.errors.productId}
            />
          </FormLayout>
        </Dialog>
      }
    >
      {(created) => (
        <SecretDialog
          title={`API key ${created().name}`}
          label="the key"
          secret={created().key}
          close={props.close}
        >
          <div class="flex min-w-0 flex-col gap-2">
            <p>Try it with one of your license keys:</p>
            <CodeBlock text={tryIt(created().key)} label="the command" />
          </div>
        </SecretDialog>
      )}
    </Show>
  );
}

/** A command that verifies a license with the key. */
function tryIt(key: string): string {
  return [
    `curl -X POST ${location.origin}/api/license/verify`,
    `-H 'X-API-Key: ${key}'`,
    "-H 'Content-Type: application/json'",
    `-d '{"license_key": "XXXX-XXXX-XXXX-XXXX", "hardware_hash": "my-machine"}'`,
  ].join(" \\\n  ");
}
