// The columns of exported and imported lead tables.
import type { z } from "zod";
import { contact, type leadHeadings, newLead } from "./inputs.ts";
import { line } from "../input_fields.ts";
import { pickValues, revisionOf } from "../revision.ts";
import type { Columns } from "../sheets/cells.ts";
import type { ListedLead } from "./list.ts";

/** The columns of a lead table by heading. */
export const leadColumns: Columns<ListedLead> = {
  "Name": (lead) => lead.name,
  "Type": (lead) => lead.type,
  "Stage": (lead) => lead.stage,
  "Website": (lead) => lead.website,
  "City": (lead) => lead.city,
  "Country": (lead) => lead.country,
  "Notes": (lead) => lead.notes,
  "Contact name": (lead) => lead.contactName,
  "Contact email": (lead) => lead.contactEmail,
  "Contact phone": (lead) => lead.contactPhone,
  "Contact position": (lead) => lead.contactPosition,
  "Revision": (lead) => revisionOfRow(lead),
} satisfies Record<typeof leadHeadings[number], (lead: ListedLead) => unknown>;

/** A lead as a row of a table, with its first contact in the same row. */
export const tableLead = newLead.omit({ contact: true, tags: true }).extend({
  contactName: contact.shape.name.optional(),
  contactEmail: contact.shape.email,
  contactPhone: contact.shape.phone,
  contactPosition: contact.shape.position,
  /** That of the row when it was exported: it updates no lead that was changed since. */
  revision: line(100).optional(),
});
export type TableLead = z.infer<typeof tableLead>;
export type LeadField = keyof TableLead;

const rowFields = [
  "name",
  "type",
  "stage",
  "website",
  "city",
  "country",
  "notes",
  "contactName",
  "contactEmail",
  "contactPhone",
  "contactPosition",
] as const satisfies readonly (keyof ListedLead & LeadField)[];

/** The revision of a lead with its first contact as a row of a table. It begins like no formula and no number. */
export function revisionOfRow(lead: Pick<ListedLead, typeof rowFields[number]>): string {
  return `r${revisionOf(pickValues(lead, rowFields))}`;
}
