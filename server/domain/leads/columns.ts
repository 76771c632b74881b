// What a table of leads looks like: its columns going out, the fields of a row coming in, and for which of them each
// column of somebody else's table is taken.
import { z } from "zod";
import { contact, type leadHeadings, newLead } from "./inputs.ts";
import { refuse } from "../errors.ts";
import { headingOf } from "../sheets/read.ts";
import type { Columns } from "../sheets/write.ts";
import type { ListedLead } from "./lead.ts";

/** The columns of a table of leads, for going out and coming in. */
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
} satisfies Record<typeof leadHeadings[number], (lead: ListedLead) => unknown>;

/** A lead as a row of a table has it: with the first person there beside it. */
export const tableLead = newLead.omit({ contact: true }).extend({
  contactName: contact.shape.name.optional(),
  contactEmail: contact.shape.email,
  contactPhone: contact.shape.phone,
  contactPosition: contact.shape.position,
});
export type TableLead = z.infer<typeof tableLead>;
export type LeadField = keyof TableLead;

/** For what the columns of a table are to be taken, column or field by heading; null and "" leave one out. */
export type Mapping = Record<string, string | null>;

const known = Object.keys(leadColumns);
const columnOf = new Map(Object.keys(leadColumns).map((heading) => [headingOf(heading), heading]));
const fieldOf = new Map(Object.keys(tableLead.shape).map((name) => [headingOf(name), name as LeadField]));

/** What a field is called in a table. */
export function columnName(field: string): string {
  return columnOf.get(headingOf(field)) ?? field;
}

/**
 * For which field each heading of a table is taken: as the mapping says, and where it says nothing by its name.
 *
 * @throws DomainError `INVALID_REQUEST` when the mapping names what is not there, or one field twice
 */
export function matchColumns(headings: string[], mapping: Mapping): (LeadField | null)[] {
  const told = new Map(Object.entries(mapping).map(([heading, column]) => [headingOf(heading), column]));
  const unknown = Object.keys(mapping).find((heading) =>
    !headings.some((found) => headingOf(found) === headingOf(heading))
  );
  if (unknown !== undefined) {
    refuse("INVALID_REQUEST", { field: "mapping", reason: "no_such_heading", value: unknown });
  }
  const chosen = headings.map((heading) => {
    const column = told.get(headingOf(heading));
    if (!column) return null;
    return fieldOf.get(headingOf(column)) ??
      refuse("INVALID_REQUEST", { field: "mapping", reason: "unknown_column", value: column, known });
  });
  const twice = chosen.find((field, at) => field !== null && chosen.indexOf(field) !== at);
  if (twice) refuse("INVALID_REQUEST", { field: "mapping", reason: "twice", value: columnName(twice) });
  return headings.map((heading, at) => {
    if (told.has(headingOf(heading))) return chosen[at];
    const field = fieldOf.get(headingOf(heading)) ?? null;
    // What the mapping says goes before what a name suggests.
    return chosen.includes(field) ? null : field;
  });
}
