// One lead: facts and details at the left; what was said, who is there and what changed at the right.
import { useNavigate, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { formatCount } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { CustomersIcon, DeleteIcon, RestoreIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Time } from "../../ui/Time.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";
import type { Lead } from "./lead.ts";
import { LeadActivities } from "./LeadActivities.tsx";
import { LeadContacts } from "./LeadContacts.tsx";
import { LeadDetails, LeadEdit } from "./LeadDetails.tsx";
import { StageMenu } from "./StageMenu.tsx";

export function LeadPage() {
  const params = useParams<{ id: string }>();
  const lead = useApiQuery("leads", "get", () => ({ id: Number(params.id) }));
  return (
    <QueryBoundary query={lead} lines={6}>
      {(lead) => <Found lead={lead()} />}
    </QueryBoundary>
  );
}

function Found(props: { lead: Lead }) {
  const navigate = useNavigate();
  const restore = async () => {
    await trpc.leads.restore.mutate({ id: props.lead.id });
    refresh();
  };
  async function remove(): Promise<void> {
    const { id, name } = props.lead;
    const work = async () => {
      await trpc.leads.delete.mutate({ id });
      refresh();
    };
    const message = `${name} is deleted. It can be restored for 30 days.`;
    if (await runWithToast(work, message, restore)) navigate(addresses.leads());
  }
  const last = () => props.lead.activities[0];
  return (
    <Page
      title={props.lead.name}
      heading={
        <span class="inline-flex flex-wrap items-center gap-2">
          {props.lead.name}
          <StageMenu lead={props.lead} />
          <Show when={props.lead.deletedAt}>
            <Badge tone="off">Deleted</Badge>
          </Show>
        </span>
      }
      back={{ href: addresses.leads(), title: "Leads" }}
      state={
        <>
          {formatCount(props.lead.contacts.length, "contact")},{" "}
          <Show when={last()} fallback="nothing noted yet">
            last activity <Time at={last().happenedAt} />
          </Show>
        </>
      }
      actions={
        <Show
          when={!props.lead.deletedAt}
          fallback={
            <Button
              variant="primary"
              disabledReason={missingRoleReason("manager")}
              onClick={() => void runWithToast(restore, `${props.lead.name} is restored.`)}
            >
              <RestoreIcon /> Restore
            </Button>
          }
        >
          <Button
            variant="danger"
            disabledReason={missingRoleReason("manager")}
            onClick={() => void remove()}
          >
            <DeleteIcon /> Delete
          </Button>
          <Show when={props.lead.customerId}>
            {(id) => (
              <ButtonLink variant="primary" href={addresses.customer(id())}>
                <CustomersIcon /> Open the customer
              </ButtonLink>
            )}
          </Show>
        </Show>
      }
    >
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,24rem)_minmax(0,1fr)]">
        <div class="flex min-w-0 flex-col gap-4">
          <LeadDetails lead={props.lead} />
          <LeadEdit lead={props.lead} />
        </div>
        <Tabs
          label={props.lead.name}
          tabs={[
            { id: "activity", title: "Activity", content: () => <LeadActivities lead={props.lead} /> },
            {
              id: "contacts",
              title: "Contacts",
              count: props.lead.contacts.length,
              content: () => <LeadContacts lead={props.lead} />,
            },
            {
              id: "history",
              title: "History",
              content: () => <Timeline of={{ subjectKind: "lead", subjectId: props.lead.id }} />,
            },
          ]}
        />
      </div>
    </Page>
  );
}
