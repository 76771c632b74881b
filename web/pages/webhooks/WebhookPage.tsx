// One webhook: facts and terms at the left; deliveries, how to verify them, and history at the right.
import { useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { webhookChanges } from "../../../server/domain/webhooks/inputs.ts";
import { addresses } from "../../addresses.ts";
import { useAnswer, useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { formatCount, formatInstant, formatNumber } from "../../lib/format.ts";
import { Answered } from "../../ui/Answered.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Card } from "../../ui/Card.tsx";
import { Code } from "../../ui/Code.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { OwnersOnly } from "../../ui/OwnersOnly.tsx";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Time } from "../../ui/Time.tsx";
import { Timeline } from "../../ui/Timeline.tsx";
import { tell } from "../../ui/Toasts.tsx";
import { Deliveries } from "./Deliveries.tsx";
import { sendable, type Terms } from "./terms.ts";
import { Verify } from "./Verify.tsx";
import { standingOf, titleOf, type Webhook } from "./webhook_words.ts";
import { WebhookActions } from "./WebhookActions.tsx";
import { WebhookFields } from "./WebhookFields.tsx";

export function WebhookPage() {
  return (
    <OwnersOnly title="Webhook">
      <One />
    </OwnersOnly>
  );
}

function One() {
  const params = useParams<{ id: string }>();
  const webhook = useAnswer("webhooks", "get", () => ({ id: Number(params.id) }), { every: 5000 });
  return (
    <Answered of={webhook} lines={6}>
      {(webhook) => <Found webhook={webhook()} />}
    </Answered>
  );
}

function Found(props: { webhook: Webhook }) {
  const standing = () => standingOf(props.webhook);
  return (
    <Page
      title={titleOf(props.webhook)}
      heading={
        <span class="inline-flex flex-wrap items-center gap-2">
          {titleOf(props.webhook)}
          <Badge tone={standing().tone}>{standing().title}</Badge>
        </span>
      }
      back={{ href: addresses.webhooks(), title: "Webhooks" }}
      state={standing().sentence ??
        `${formatCount(props.webhook.waiting, "delivery", "deliveries")} waiting, ${
          formatNumber(props.webhook.failed)
        } given up this week`}
      actions={<WebhookActions webhook={props.webhook} />}
    >
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,24rem)_minmax(0,1fr)]">
        <div class="flex min-w-0 flex-col gap-4">
          <AtAGlance webhook={props.webhook} />
          <Edit webhook={props.webhook} />
        </div>
        <Tabs
          label={titleOf(props.webhook)}
          tabs={[
            {
              id: "deliveries",
              title: "Deliveries",
              content: () => <Deliveries webhook={props.webhook} />,
            },
            { id: "verify", title: "Verify", content: () => <Verify /> },
            {
              id: "history",
              title: "History",
              content: () => <Timeline of={{ subjectKind: "webhook", subjectId: props.webhook.id }} />,
            },
          ]}
        />
      </div>
    </Page>
  );
}

function AtAGlance(props: { webhook: Webhook }) {
  const until = () => props.webhook.previousSecretUntil;
  const areTwoLive = () => until() !== null && Date.parse(until()!) > Date.now();
  return (
    <Card title="At a glance">
      <Facts
        facts={[
          ["Address", <Code text={props.webhook.url} what="the address" />],
          ["Waiting", formatNumber(props.webhook.waiting)],
          ["Given up", `${formatNumber(props.webhook.failed)} this week`],
          ["Last delivered", <Time at={props.webhook.lastDeliveredAt} />],
          ["Added", <Time at={props.webhook.createdAt} />],
          [
            "Secret",
            <Show when={areTwoLive()} fallback="One signs">
              Two sign, the one before until {formatInstant(until()!)}
            </Show>,
          ],
        ]}
      />
    </Card>
  );
}

function Edit(props: { webhook: Webhook }) {
  const edit = useChange("webhooks", "edit");
  const { url, description, eventTypes, id } = props.webhook;
  const form = createForm<Terms, Webhook>({
    schema: webhookChanges,
    start: { url, description, eventTypes, headers: null },
    draft: `webhook/${id}`,
    prepare: sendable,
    save: (changes) => edit.run({ id, changes }),
    saved(webhook) {
      // The values of headers are not kept on the page either.
      form.reset({
        url: webhook.url,
        description: webhook.description,
        eventTypes: webhook.eventTypes,
        headers: null,
      });
      tell("Saved. What is sent from now on follows it.");
    },
  });
  return (
    <Card title="Details">
      <FormFrame form={form} verb="Save" why={form.isDirty() ? null : "Nothing is changed."}>
        <WebhookFields form={form} headerNames={props.webhook.headerNames} />
      </FormFrame>
    </Card>
  );
}
