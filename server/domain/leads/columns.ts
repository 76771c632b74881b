// The columns of exported and imported lead tables, and the assignment of an imported table's columns to lead fields.
import { z } from "zod";
import { type columnMapping, contact, type leadHeadings, newLead } from "./inputs.ts";
import { refuse } from "../errors.ts";
import { normalizeHeading } from "../sheets/table.ts";
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
} satisfies Record<typeof leadHeadings[number], (lead: ListedLead) => unknown>;

/** A lead as a row of a table, with its first contact in the same row. */
export const tableLead = newLead.omit({ contact: true }).extend({
  contactName: contact.shape.name.optional(),
  contactEmail: contact.shape.email,
  contactPhone: contact.shape.phone,
  contactPosition: contact.shape.position,
});
export type TableLead = z.infer<typeof tableLead>;
export type LeadField = keyof TableLead;

export type ColumnMapping = z.infer<typeof columnMapping>;

const known = Object.keys(leadColumns);
const columnByHeading = new Map(
  Object.keys(leadColumns).map((heading) => [normalizeHeading(heading), heading]),
);
const fieldByHeading = new Map(
  Object.keys(tableLead.shape).map((name) => [normalizeHeading(name), name as LeadField]),
);

/** The heading of a field. */
export function columnName(field: string): string {
  return columnByHeading.get(normalizeHeading(field)) ?? field;
}

/**
 * Assigns a field to each heading of a table: by the mapping, otherwise by its name.
 *
 * @returns a field for each heading; null for an ignored column
 * @throws DomainError `INVALID_REQUEST` when the mapping contains an unknown heading or column, or a column twice
 */
export function matchColumns(headings: string[], mapping: ColumnMapping): (LeadField | null)[] {
  const mapped = new Map(
    Object.entries(mapping).map(([heading, column]) => [normalizeHeading(heading), column]),
  );
  const unknown = Object.keys(mapping).find((heading) =>
    !headings.some((found) => normalizeHeading(found) === normalizeHeading(heading))
  );
  if (unknown !== undefined) {
    refuse("INVALID_REQUEST", { field: "mapping", reason: "no_such_heading", value: unknown });
  }
  const chosen = headings.map((heading) => {
    const column = mapped.get(normalizeHeading(heading));
    if (!column) return null;
    return fieldByHeading.get(normalizeHeading(column)) ??
      refuse("INVALID_REQUEST", { field: "mapping", reason: "unknown_column", value: column, known });
  });
  const twice = chosen.find((field, at) => field !== null && chosen.indexOf(field) !== at);
  if (twice) refuse("INVALID_REQUEST", { field: "mapping", reason: "twice", value: columnName(twice) });
  return headings.map((heading, at) => {
    if (mapped.has(normalizeHeading(heading))) return chosen[at];
    const field = fieldByHeading.get(normalizeHeading(heading)) ?? null;
    // The mapping takes precedence over names.
    return chosen.includes(field) ? null : field;
  });
}
