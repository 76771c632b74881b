// One webhook: facts and terms at the left; deliveries, how to verify them, and history at the right.
import { useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { webhookChanges } from "../../../server/domain/webhooks/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation, useApiQuery } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { formatCount, formatInstant, formatNumber } from "../../lib/format.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Card } from "../../ui/Card.tsx";
import { Code } from "../../ui/Code.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { OwnersOnly } from "../../features/account/OwnersOnly.tsx";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Time } from "../../ui/Time.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { Deliveries } from "./Deliveries.tsx";
import { toInput, type WebhookValues } from "./webhook_form.ts";
import { VerifyGuide } from "./VerifyGuide.tsx";
import { statusOf, titleOf, type Webhook } from "./webhook_labels.ts";
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
  const webhook = useApiQuery("webhooks", "get", () => ({ id: Number(params.id) }), {
    refetchInterval: 5000,
  });
  return (
    <QueryBoundary query={webhook} lines={6}>
      {(webhook) => <Found webhook={webhook()} />}
    </QueryBoundary>
  );
}

function Found(props: { webhook: Webhook }) {
  const status = () => statusOf(props.webhook);
  return (
    <Page
      title={titleOf(props.webhook)}
      heading={
        <span class="inline-flex flex-wrap items-center gap-2">
          {titleOf(props.webhook)}
          <Badge tone={status().tone}>{status().title}</Badge>
        </span>
      }
      back={{ href: addresses.webhooks(), title: "Webhooks" }}
      state={status().sentence ??
        `${formatCount(props.webhook.waiting, "delivery", "deliveries")} waiting, ${
          formatNumber(props.webhook.failed)
        } given up this week`}
      actions={<WebhookActions webhook={props.webhook} />}
    >
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,24rem)_minmax(0,1fr)]">
        <div class="flex min-w-0 flex-col gap-4">
          <WebhookDetails webhook={props.webhook} />
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
            { id: "verify", title: "Verify", content: () => <VerifyGuide /> },
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

function WebhookDetails(props: { webhook: Webhook }) {
  const until = () => props.webhook.previousSecretUntil;
  const areTwoLive = () => until() !== null && Date.parse(until()!) > Date.now();
  return (
    <Card title="At a glance">
      <DetailList
        items={[
          ["Address", <Code text={props.webhook.url} label="the address" />],
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
  const edit = useApiMutation("webhooks", "edit");
  const { url, description, eventTypes, id } = props.webhook;
  const form = createForm<WebhookValues, Webhook>({
    schema: webhookChanges,
    start: { url, description, eventTypes, headers: null },
    draft: `webhook/${id}`,
    prepare: toInput,
    save: (changes) => edit.run({ id, changes }),
    saved(webhook) {
      // The values of headers are not kept on the page either.
      form.reset({
        url: webhook.url,
        description: webhook.description,
        eventTypes: webhook.eventTypes,
        headers: null,
      });
      toast("Saved. What is sent from now on follows it.");
    },
  });
  return (
    <Card title="Details">
      <FormLayout form={form} verb="Save" disabledReason={form.isDirty() ? null : "Nothing is changed."}>
        <WebhookFields form={form} headerNames={props.webhook.headerNames} />
      </FormLayout>
    </Card>
  );
}
