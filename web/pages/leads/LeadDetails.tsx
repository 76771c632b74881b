// The details of a lead, as text.
import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { emptyValue, formatWord } from "../../lib/format.ts";
import { Card } from "../../ui/Card.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { Time } from "../../ui/Time.tsx";
import type { Lead } from "./lead.ts";
import { StageBadge } from "./StageMenu.tsx";

export function LeadDetails(props: { lead: Lead }) {
  return (
    <Card title="Lead">
      <DetailList
        items={[
          ["Stage", <StageBadge stage={props.lead.stage} />],
          ["Customer", <CustomerLink id={props.lead.customerId} />],
          ["Type", formatWord(props.lead.type)],
          ["Where", [props.lead.city, props.lead.country].filter(Boolean).join(", ") || emptyValue],
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

/** A link only for http and https URLs; other text is shown as it is. */
function Website(props: { address: string | null }) {
  const isAddress = () => /^https?:\/\//i.test(props.address ?? "");
  return (
    <Show when={isAddress()} fallback={props.address ?? emptyValue}>
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
