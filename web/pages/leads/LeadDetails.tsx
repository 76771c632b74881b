// The details of a lead, as text.
import { ObjectLink } from "../../features/details/ObjectLink.tsx";
import { Show } from "solid-js";
import { emptyValue, formatWord } from "../../lib/format.ts";
import { Card } from "../../ui/Card.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { Time } from "../../ui/Time.tsx";
import type { Lead } from "./lead.ts";
import { StageBadge } from "./StageMenu.tsx";

export function LeadDetails(props: { lead: Lead }) {
  return (
    <Card title="Details">
      <DetailList
        items={[
          ["Stage", <StageBadge stage={props.lead.stage} />],
          [
            "Customer",
            <Show when={props.lead.customerId} fallback="Created when won">
              {(id) => <ObjectLink noun="customers" id={id()} />}
            </Show>,
          ],
          ["Type", formatWord(props.lead.type)],
          ["Location", [props.lead.city, props.lead.country].filter(Boolean).join(", ") || emptyValue],
          ["Website", <Website address={props.lead.website} />],
          ["Created", <Time at={props.lead.createdAt} />],
          ["Updated", <Time at={props.lead.updatedAt} />],
        ]}
      />
    </Card>
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
