// The columns of exported and imported lead tables, and the assignment of an imported table's columns to lead fields.
import { z } from "zod";
import { type columnMapping, contact, type ImportOptions, type leadHeadings, newLead } from "./inputs.ts";
import { refuse } from "../errors.ts";
import { line } from "../input_fields.ts";
import { pickValues, revisionOf } from "../revision.ts";
import type { Columns } from "../sheets/cells.ts";
import { normalizeHeading, type ReadOptions, type TableColumn } from "../sheets/table.ts";
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

export type ColumnMapping = z.infer<typeof columnMapping>;

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

/** The headings that a table is recognised by. */
export const knownHeadings = Object.keys(leadColumns);
const columnByHeading = new Map(
  knownHeadings.map((heading) => [normalizeHeading(heading), heading]),
);
const fieldByHeading = new Map(
  Object.keys(tableLead.shape).map((name) => [normalizeHeading(name), name as LeadField]),
);

/** The heading of a field. */
export function columnName(field: string): string {
  return columnByHeading.get(normalizeHeading(field)) ?? field;
}

/** The field that a heading names; null for none. */
export function fieldNamed(heading: string): LeadField | null {
  return fieldByHeading.get(normalizeHeading(heading)) ?? null;
}

/** How the table of an import is read: the headings of its mapping are known as well. */
export function readOptionsOf(
  { mapping = {}, sheet, encoding }: Pick<ImportOptions, "mapping" | "sheet" | "encoding">,
): ReadOptions {
  return { knownHeadings: [...knownHeadings, ...Object.keys(mapping)], sheet, encoding };
}

/**
 * Assigns a field to each column of a table: by the mapping, otherwise by its heading. Of two columns with the same
 * heading the first is taken. The mapping knows a column by its unique name, such as "Email (2)", or by its heading.
 *
 * @returns a field for each column; null for an ignored one
 * @throws DomainError `INVALID_REQUEST` when the mapping contains an unknown heading or column, or a column twice
 */
export function matchColumns(columns: TableColumn[], mapping: ColumnMapping): (LeadField | null)[] {
  const mapped = new Map<number, LeadField | null>();
  for (const [heading, column] of Object.entries(mapping)) {
    const at = indexOfColumn(columns, heading);
    if (at < 0) refuse("INVALID_REQUEST", { field: "mapping", reason: "no_such_heading", value: heading });
    mapped.set(
      at,
      !column ? null : fieldNamed(column) ??
        refuse("INVALID_REQUEST", {
          field: "mapping",
          reason: "unknown_column",
          value: column,
          known: knownHeadings,
        }),
    );
  }
  const chosen = [...mapped.values()].filter((field) => field !== null);
  const twice = chosen.find((field, at) => chosen.indexOf(field) !== at);
  if (twice) refuse("INVALID_REQUEST", { field: "mapping", reason: "twice", value: columnName(twice) });
  // The mapping takes precedence over headings.
  const taken = new Set<LeadField>(chosen);
  return columns.map(({ heading }, at) => {
    if (mapped.has(at)) return mapped.get(at)!;
    const field = fieldNamed(heading);
    if (field === null || taken.has(field)) return null;
    taken.add(field);
    return field;
  });
}

/** The column that a mapping calls so; -1 for none. */
function indexOfColumn(columns: TableColumn[], text: string): number {
  const normalized = normalizeHeading(text);
  const ways: ((column: TableColumn) => boolean)[] = [
    ({ name }) => name === text,
    ({ heading }) => heading === text,
    ({ name }) => normalizeHeading(name) === normalized,
    ({ heading }) => normalizeHeading(heading) === normalized,
  ];
  return ways.map((way) => columns.findIndex(way)).find((at) => at >= 0) ?? -1;
}
