// What is known of a lead, to read and to change.
import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { leadChanges } from "../../../server/domain/leads/inputs.ts";
import { addresses } from "../../addresses.ts";
import { useAnswer, useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { formatWord, nothing } from "../../lib/format.ts";
import { whyNot } from "../../lib/session.ts";
import { Card } from "../../ui/Card.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { Time } from "../../ui/Time.tsx";
import { tell } from "../../ui/Toasts.tsx";
import { LeadFields } from "./LeadFields.tsx";
import type { Lead } from "./lead.ts";
import { prepareLead } from "./prepare.ts";
import { StageBadge } from "./StageMenu.tsx";

export function LeadFacts(props: { lead: Lead }) {
  return (
    <Card title="Lead">
      <Facts
        facts={[
          ["Stage", <StageBadge stage={props.lead.stage} />],
          ["Customer", <BecameCustomer id={props.lead.customerId} />],
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

function BecameCustomer(props: { id: number | null }) {
  const customer = useAnswer("customers", "get", () => props.id === null ? null : { id: props.id });
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
  const edit = useChange("leads", "edit");
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
      tell(
        stage === "won" && props.lead.customerId === null && customerId !== null
          ? `${props.lead.name} is won, and a customer now.`
          : "Saved.",
      ),
  });
  return (
    <Card title="Details">
      <FormFrame
        form={form}
        verb="Save"
        why={props.lead.deletedAt
          ? "Restore it first."
          : whyNot("manager") ?? (form.isDirty() ? null : "Nothing is changed.")}
      >
        <LeadFields form={form} isCustomer={props.lead.customerId !== null} />
      </FormFrame>
    </Card>
  );
}
