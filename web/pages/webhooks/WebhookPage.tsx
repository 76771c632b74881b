// The page of one webhook: details on the left; deliveries, verification and history on the right.
import { Show } from "solid-js";
import { webhookChanges } from "../../../server/domain/webhooks/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { detailPage } from "../../features/details/detail_page.tsx";
import { EditCard } from "../../features/details/EditCard.tsx";
import { formatCount, formatInstant, formatNumber } from "../../lib/format.ts";
import { TwoColumns } from "../../ui/TwoColumns.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Card } from "../../ui/Card.tsx";
import { Code } from "../../ui/Code.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { OwnersOnly } from "../../features/account/OwnersOnly.tsx";
import { Page, titleOfPage } from "../../ui/Page.tsx";
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

/** Deliveries change the counts, and are no events. */
const REFETCH_MS = 5000;

export function WebhookPage() {
  return (
    <OwnersOnly title="Webhook">
      <LoadedWebhook />
    </OwnersOnly>
  );
}

const LoadedWebhook = detailPage("webhooks", (webhook) => <WebhookContent webhook={webhook()} />, {
  refetchInterval: REFETCH_MS,
});

function WebhookContent(props: { webhook: Webhook }) {
  const status = () => statusOf(props.webhook);
  return (
    <Page
      title={titleOf(props.webhook)}
      badges={<Badge tone={status().tone}>{status().title}</Badge>}
      back={{ href: addresses.webhooks(), title: "Webhooks" }}
      state={status().description ??
        `${formatCount(props.webhook.waiting, "pending delivery", "pending deliveries")} · ${
          formatNumber(props.webhook.failed)
        } failed (7 days)`}
      actions={<WebhookActions webhook={props.webhook} />}
    >
      <TwoColumns
        aside={
          <>
            <WebhookDetails webhook={props.webhook} />
            <WebhookEdit webhook={props.webhook} />
          </>
        }
      >
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
              content: () => <Timeline filter={{ subjectKind: "webhook", subjectId: props.webhook.id }} />,
            },
          ]}
        />
      </TwoColumns>
    </Page>
  );
}

function WebhookDetails(props: { webhook: Webhook }) {
  const until = () => props.webhook.previousSecretUntil;
  const areTwoLive = () => until() !== null && Date.parse(until()!) > Date.now();
  return (
    <Card title="Details">
      <DetailList
        items={[
          ["Endpoint URL", <Code text={props.webhook.url} label="the endpoint URL" />],
          ["Pending", formatNumber(props.webhook.waiting)],
          ["Failed (7 days)", formatNumber(props.webhook.failed)],
          ["Last delivered", <Time at={props.webhook.lastDeliveredAt} />],
          ["Created", <Time at={props.webhook.createdAt} />],
          [
            "Signing secret",
            <Show when={areTwoLive()} fallback="1 active">
              2 active, the previous until {formatInstant(until()!)}
            </Show>,
          ],
        ]}
      />
    </Card>
  );
}

function WebhookEdit(props: { webhook: Webhook }) {
  return (
    <EditCard
      form={{
        kind: "webhooks",
        object: () => props.webhook,
        // The values of headers are secrets: they leave the page once they are saved.
        valuesOf: ({ url, description, format, eventTypes, headersRevision }): WebhookValues => ({
          url,
          description,
          format,
          eventTypes,
          headers: null,
          headersRevision,
        }),
        markers: { headers: "headersRevision" },
        schema: webhookChanges,
        draft: `webhook/${props.webhook.id}`,
        prepare: toInput,
        saved() {
          toast(`${titleOfPage()} saved. Applies to new deliveries.`);
        },
      }}
    >
      {(form) => <WebhookFields form={form} headerNames={props.webhook.headerNames} />}
    </EditCard>
  );
}
