// Adding a webhook; its secret is shown once, then its page opens.
import { useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { newWebhook } from "../../../server/domain/webhooks/inputs.ts";
import { addresses, withQuery } from "../../addresses.ts";
import { useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Card } from "../../ui/Card.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { OwnersOnly } from "../../ui/OwnersOnly.tsx";
import { Page } from "../../ui/Page.tsx";
import { ShownOnce } from "../../ui/ShownOnce.tsx";
import { sendable, type Terms } from "./terms.ts";
import { WebhookFields } from "./WebhookFields.tsx";

export function NewWebhook() {
  return (
    <OwnersOnly title="New webhook">
      <New />
    </OwnersOnly>
  );
}

function New() {
  const navigate = useNavigate();
  const create = useChange("webhooks", "create");
  const [made, setMade] = createSignal<Outputs["webhooks"]["create"] | null>(null);
  const form = createForm<Terms, Outputs["webhooks"]["create"]>({
    schema: newWebhook,
    start: { url: "", description: "", eventTypes: [], headers: [] },
    draft: "webhook/new",
    prepare: sendable,
    save: (checked) => create.run(checked),
    saved: setMade,
  });
  return (
    <Page title="New webhook" back={{ href: addresses.webhooks(), title: "Webhooks" }}>
      <Card class="max-w-2xl">
        <FormFrame form={form} verb="Create webhook" cancel={addresses.webhooks()}>
          <WebhookFields form={form} isNew />
        </FormFrame>
      </Card>
      <Show when={made()}>
        {(made) => (
          <ShownOnce
            title="The webhook's secret"
            what="the secret"
            secret={made().secret}
            kept={() => navigate(withQuery(addresses.webhook(made().id), { tab: "verify" }))}
          >
            <p>
              Every request is signed with it. The next page shows how your program checks the signature, and
              sends a test. A secret that is lost can be rotated.
            </p>
          </ShownOnce>
        )}
      </Show>
    </Page>
  );
}
