// The card in which a lead is edited.
import { leadChanges } from "../../../server/domain/leads/inputs.ts";
import { EditCard } from "../../features/details/EditCard.tsx";
import { useApiMutation } from "../../lib/queries.ts";
import { toast } from "../../ui/Toasts.tsx";
import type { Lead } from "./lead.ts";
import { prepareLead } from "./lead_form.ts";
import { LeadFields } from "./LeadFields.tsx";

export function LeadEdit(props: { lead: Lead }) {
  const edit = useApiMutation("leads", "edit");
  const { id, name, type, stage, website, city, country, notes } = props.lead;
  return (
    <EditCard
      form={{
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
        draft: `lead/${id}`,
        prepare: prepareLead,
        save: (changes) => edit.run({ id, changes }),
        saved: ({ stage, customerId }) =>
          toast(
            stage === "won" && props.lead.customerId === null && customerId !== null
              ? `${props.lead.name}: won – customer created.`
              : "Saved.",
          ),
      }}
      deletedAt={props.lead.deletedAt}
    >
      {(form) => <LeadFields form={form} isCustomer={props.lead.customerId !== null} />}
    </EditCard>
  );
}
