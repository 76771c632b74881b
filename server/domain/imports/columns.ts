// The assignment of an imported table's columns to fields.
import type { z } from "zod";
import { refuse } from "../errors.ts";
import { normalizeHeading, type ReadOptions, type TableColumn } from "../sheets/table.ts";
import type { AnyKind } from "./imported_kind.ts";
import type { columnMapping, ImportOptions } from "./inputs.ts";

export type ColumnMapping = z.infer<typeof columnMapping>;

/** The heading of a field. */
export function columnName({ headings }: Pick<AnyKind, "headings">, field: string): string {
  const normalized = normalizeHeading(field);
  return headings.find((heading) => normalizeHeading(heading) === normalized) ?? field;
}

/** The field that a heading names; null for none. */
export function fieldNamed(kind: Pick<AnyKind, "schema" | "openField">, heading: string): string | null {
  const normalized = normalizeHeading(heading);
  const field = Object.keys(kind.schema.shape).find((field) => normalizeHeading(field) === normalized);
  return field ?? kind.openField?.(heading) ?? null;
}

/** The field that a heading names in other words; null for none. */
function fieldAliased({ aliases = {} }: Pick<AnyKind, "aliases">, heading: string): string | null {
  const normalized = normalizeHeading(heading);
  return Object.hasOwn(aliases, normalized) ? aliases[normalized] : null;
}

/** How the table of an import is read: the headings of its mapping are known as well. */
export function readOptionsOf(
  { headings, aliases = {}, sheets }: Pick<AnyKind, "headings" | "aliases" | "sheets">,
  { mapping = {}, sheet, encoding }: Pick<ImportOptions, "mapping" | "sheet" | "encoding">,
): ReadOptions {
  const knownHeadings = [...headings, ...Object.keys(aliases), ...Object.keys(mapping)];
  return { knownHeadings, usualSheets: sheets, sheet, encoding };
}

/**
 * Assigns a field to each column of a table: by the mapping, otherwise by its heading. Of two columns with the same
 * heading the first is taken, and before those that name the field in other words. The mapping knows a column by its unique name, such as "Email (2)", or by its heading.
 *
 * @returns a field for each column; null for an ignored one
 * @throws DomainError `INVALID_REQUEST` when the mapping contains an unknown heading or column, or a column twice
 */
export function matchColumns(
  kind: AnyKind,
  columns: TableColumn[],
  mapping: ColumnMapping,
): (string | null)[] {
  const mapped = new Map<number, string | null>();
  for (const [heading, column] of Object.entries(mapping)) {
    const at = indexOfColumn(columns, heading);
    if (at < 0) refuse("INVALID_REQUEST", { field: "mapping", reason: "no_such_heading", value: heading });
    mapped.set(
      at,
      !column ? null : fieldNamed(kind, column) ?? fieldAliased(kind, column) ??
        refuse("INVALID_REQUEST", {
          field: "mapping",
          reason: "unknown_column",
          subject: kind.noun,
          value: column,
          known: [...kind.headings],
        }),
    );
  }
  const chosen = [...mapped.values()].filter((field) => field !== null);
  const twice = chosen.find((field, at) => chosen.indexOf(field) !== at);
  if (twice) {
    refuse("INVALID_REQUEST", { field: "mapping", reason: "twice", value: columnName(kind, twice) });
  }
  // The mapping takes precedence over headings.
  const taken = new Set<string>(chosen);
  const fields = columns.map((_, at) => mapped.get(at) ?? null);
  for (const named of [fieldNamed, fieldAliased]) {
    columns.forEach(({ heading }, at) => {
      if (mapped.has(at) || fields[at] !== null) return;
      const field = named(kind, heading);
      if (field === null || taken.has(field)) return;
      taken.add(field);
      fields[at] = field;
    });
  }
  return fields;
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
