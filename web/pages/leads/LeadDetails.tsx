// What is known of a lead, to read and to change.
import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { leadChanges } from "../../../server/domain/leads/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation, useApiQuery } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { formatWord, nothing } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { Card } from "../../ui/Card.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Time } from "../../ui/Time.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { LeadFields } from "./LeadFields.tsx";
import type { Lead } from "./lead.ts";
import { prepareLead } from "./lead_form.ts";
import { StageBadge } from "./StageMenu.tsx";

export function LeadDetails(props: { lead: Lead }) {
  return (
    <Card title="Lead">
      <DetailList
        items={[
          ["Stage", <StageBadge stage={props.lead.stage} />],
          ["Customer", <CustomerLink id={props.lead.customerId} />],
          ["Type", formatWord(props.lead.type)],
          ["Where", [props.lead.city, props.lead.country].filter(Boolean).join(", ") || nothing],
          ["Website", <Website address={props.lead.website} />],
          ["Since", <Time at={props.lead.createdAt} />],
          ["Changed", <Time at={props.lead.updatedAt} />],
        ]}
      />
    </Card>
  );
}

function CustomerLink(props: { id: number | null }) {
  const customer = useApiQuery("customers", "get", () => props.id === null ? null : { id: props.id });
  return (
    <Show when={props.id} fallback="Not yet. It becomes one when it is won.">
      {(id) => (
        <A href={addresses.customer(id())} class="text-accent hover:underline">
          {customer.data?.name ?? `Customer ${id()}`}
        </A>
      )}
    </Show>
  );
}

/** A link only where it is an address of the web; anything else that was written stays text. */
function Website(props: { address: string | null }) {
  const isAddress = () => /^https?:\/\//i.test(props.address ?? "");
  return (
    <Show when={isAddress()} fallback={props.address ?? nothing}>
      <a
        href={props.address!}
        target="_blank"
        rel="noreferrer external"
        class="break-all text-accent hover:underline"
      >
        {props.address}
      </a>
    </Show>
  );
}

export function LeadEdit(props: { lead: Lead }) {
  const edit = useApiMutation("leads", "edit");
  const { name, type, stage, website, city, country, notes } = props.lead;
  const form = createForm({
    schema: leadChanges,
    start: {
      name,
      type,
      stage: stage as string,
      website: website ?? "",
      city: city ?? "",
      country: country ?? "",
      notes,
    },
    draft: `lead/${props.lead.id}`,
    prepare: prepareLead,
    save: (changes) => edit.run({ id: props.lead.id, changes }),
    saved: ({ stage, customerId }) =>
      toast(
        stage === "won" && props.lead.customerId === null && customerId !== null
          ? `${props.lead.name} is won, and a customer now.`
          : "Saved.",
      ),
  });
  return (
    <Card title="Details">
      <FormLayout
        form={form}
        verb="Save"
        disabledReason={props.lead.deletedAt
          ? "Restore it first."
          : missingRoleReason("manager") ?? (form.isDirty() ? null : "Nothing is changed.")}
      >
        <LeadFields form={form} isCustomer={props.lead.customerId !== null} />
      </FormLayout>
    </Card>
  );
}
