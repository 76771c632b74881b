// The fourth step: an API key. It is shown once, and filled into the commands below until the tab is closed.
import { createSignal, Show } from "solid-js";
import { newApiKey } from "../../../server/domain/api_keys/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Code } from "../../ui/Code.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";

const [createdKey, setCreatedKey] = createSignal<string | null>(null);
/** The API key that was created here. The server stores only its hash. */
export { createdKey };

export function ApiKeyStep() {
  const create = useApiMutation("apiKeys", "create");
  const form = createForm({
    schema: newApiKey,
    start: { name: "My app" },
    save: (checked) => create.run(checked),
    saved({ key }) {
      setCreatedKey(key);
    },
  });
  return (
    <div class="flex flex-col gap-4">
      <p class="text-sm text-muted">
        Your app sends an API key with every request. Only its hash is stored, so the key is shown once.
      </p>
      <Show
        when={createdKey()}
        fallback={
          <FormLayout form={form} verb="Create API key" disabledReason={missingRoleReason("owner")}>
            <TextField form={form} name="name" label="Name" />
          </FormLayout>
        }
      >
        {(key) => <CreatedKey apiKey={key()} />}
      </Show>
      <ButtonLink
        variant="quiet"
        class="self-start"
        href={addresses.apiKeys()}
        disabledReason={missingRoleReason("owner")}
      >
        All API keys
      </ButtonLink>
    </div>
  );
}

/** The created key. */
export function CreatedKey(props: { apiKey: string }) {
  return (
    <div class="flex min-w-0 flex-col gap-1 rounded-md bg-good-soft p-3 text-sm">
      <p>
        Copy this key now – it won't be shown again. The commands below include it until you leave this page.
      </p>
      <Code text={props.apiKey} label="the API key" />
    </div>
  );
}
