// The card in which a lead is edited.
import { leadChanges } from "../../../server/domain/leads/inputs.ts";
import { EditCard } from "../../features/details/EditCard.tsx";
import { toast } from "../../ui/Toasts.tsx";
import type { Lead } from "./lead.ts";
import { prepareLead, valuesOfLead } from "./lead_form.ts";
import { LeadFields } from "./LeadFields.tsx";

export function LeadEdit(props: { lead: Lead }) {
  return (
    <EditCard
      form={{
        kind: "leads",
        object: () => props.lead,
        valuesOf: valuesOfLead,
        schema: leadChanges,
        draft: `lead/${props.lead.id}`,
        prepare: prepareLead,
        saved: ({ saved: { customerId }, changes }) =>
          toast(
            changes.stage === "won" && customerId !== null
              ? `${props.lead.name}: won – customer created.`
              : `${props.lead.name} saved.`,
          ),
      }}
      deletedAt={props.lead.deletedAt}
    >
      {(form) => <LeadFields form={form} isCustomer={props.lead.customerId !== null} />}
    </EditCard>
  );
}
