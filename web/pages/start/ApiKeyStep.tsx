// The fourth step: an API key. It is shown once, and for as long as this tab is open it stands in the commands below.
import { createSignal, Show } from "solid-js";
import { newApiKey } from "../../../server/domain/api_keys/inputs.ts";
import { addresses } from "../../addresses.ts";
import { useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { whyNot } from "../../lib/session.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Code } from "../../ui/Code.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";

const [madeKey, setMadeKey] = createSignal<string | null>(null);
/** The API key that was just made here; the server knows it no more. */
export { madeKey };

export function ApiKeyStep() {
  const create = useChange("apiKeys", "create");
  const form = createForm({
    schema: newApiKey,
    start: { name: "My app" },
    save: (checked) => create.run(checked),
    saved({ key }) {
      setMadeKey(key);
    },
  });
  return (
    <div class="flex flex-col gap-4">
      <p class="text-sm text-muted">
        Your app shows an API key with every call. It is kept as a hash: you see the key once, when it is
        made.
      </p>
      <Show
        when={madeKey()}
        fallback={
          <FormFrame form={form} verb="Make the API key" why={whyNot("owner")}>
            <TextField form={form} name="name" label="What the key is for" />
          </FormFrame>
        }
      >
        {(key) => <KeepKey apiKey={key()} />}
      </Show>
      <ButtonLink look="quiet" class="self-start" href={addresses.apiKeys()} why={whyNot("owner")}>
        All API keys
      </ButtonLink>
    </div>
  );
}

/** The key, the only time it is seen. */
export function KeepKey(props: { apiKey: string }) {
  return (
    <div class="flex min-w-0 flex-col gap-1 rounded-md bg-good-soft p-3 text-sm">
      <p>Keep this key now. It stands in the commands below until you leave the panel.</p>
      <Code text={props.apiKey} what="the API key" />
    </div>
  );
}
