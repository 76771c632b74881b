// The page that creates a webhook and shows its secret once.
import { useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { newWebhook } from "../../../server/domain/webhooks/inputs.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Card } from "../../ui/Card.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { OwnersOnly } from "../../features/account/OwnersOnly.tsx";
import { Page } from "../../ui/Page.tsx";
import { SecretDialog } from "../../ui/SecretDialog.tsx";
import { toInput, type WebhookValues } from "./webhook_form.ts";
import { WebhookFields } from "./WebhookFields.tsx";

export function NewWebhook() {
  return (
    <OwnersOnly title="New webhook">
      <NewWebhookForm />
    </OwnersOnly>
  );
}

function NewWebhookForm() {
  const navigate = useNavigate();
  const create = useApiMutation("webhooks", "create");
  const [created, setCreated] = createSignal<Outputs["webhooks"]["create"] | null>(null);
  const form = createForm({
    schema: newWebhook,
    start: { url: "", description: "", format: "license_api", eventTypes: [], headers: [] } as WebhookValues,
    draft: "webhook/new",
    prepare: toInput,
    save: (checked) => create.run(checked),
    saved: setCreated,
  });
  return (
    <Page title="New webhook" back={{ href: addresses.webhooks(), title: "Webhooks" }}>
      <Card class="max-w-2xl">
        <FormLayout form={form} verb="Create webhook" cancel={addresses.webhooks()}>
          <WebhookFields form={form} isNew />
        </FormLayout>
      </Card>
      <Show when={created()}>
        {(created) => (
          <SecretDialog
            title="Signing secret"
            label="the signing secret"
            secret={created().secret}
            close={() => navigate(withQuery(addresses.webhook(created().id), { tab: "verify" }))}
          >
            <p>
              Every request is signed with this secret. The next page shows how to verify signatures and send
              a test event. A lost secret can be rotated.
            </p>
          </SecretDialog>
        )}
      </Show>
    </Page>
  );
}
