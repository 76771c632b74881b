// The page of one lead: details on the left; activities, contacts and history on the right.
import { Show } from "solid-js";
import { DeletedBadge } from "../../features/deletion/DeletedBadge.tsx";
import { DeleteOrRestore } from "../../features/deletion/DeleteOrRestore.tsx";
import { detailPage } from "../../features/details/detail_page.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { addresses } from "../../lib/addresses.ts";
import { formatCount } from "../../lib/format.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { CustomersIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Time } from "../../ui/Time.tsx";
import { TwoColumns } from "../../ui/TwoColumns.tsx";
import type { Lead } from "./lead.ts";
import { LeadActivities } from "./LeadActivities.tsx";
import { LeadContacts } from "./LeadContacts.tsx";
import { LeadDetails } from "./LeadDetails.tsx";
import { LeadEdit } from "./LeadEdit.tsx";
import { StageMenu } from "./StageMenu.tsx";

export const LeadPage = detailPage("leads", (lead) => <LeadContent lead={lead()} />);

function LeadContent(props: { lead: Lead }) {
  const last = () => props.lead.activities[0];
  return (
    <Page
      title={props.lead.name}
      badges={
        <>
          <StageMenu lead={props.lead} />
          <DeletedBadge at={props.lead.deletedAt} />
        </>
      }
      back={{ href: addresses.leads(), title: "Leads" }}
      state={
        <>
          {formatCount(props.lead.contacts.length, "contact")}
          {" · "}
          <Show when={last()} fallback="no activity yet">
            last activity <Time at={last().happenedAt} />
          </Show>
        </>
      }
      actions={
        <>
          <DeleteOrRestore object={{ noun: "leads", ...props.lead }} list={addresses.leads()} />
          <Show when={!props.lead.deletedAt && props.lead.customerId}>
            {(id) => (
              <ButtonLink variant="primary" href={addresses.customer(id())}>
                <CustomersIcon /> View customer
              </ButtonLink>
            )}
          </Show>
        </>
      }
    >
      <TwoColumns
        aside={
          <>
            <LeadDetails lead={props.lead} />
            <LeadEdit lead={props.lead} />
          </>
        }
      >
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
              content: () => <Timeline filter={{ subjectKind: "lead", subjectId: props.lead.id }} />,
            },
          ]}
        />
      </TwoColumns>
    </Page>
  );
}
