// Columns whose headings have a key of the vendor's own: "metadata.region", "public_metadata.region", "entitlement.export".
import type { CellError, ImportedValues } from "../imports/imported_kind.ts";
import { type Metadata, metadata as metadataSchema } from "../metadata.ts";
import { safeParse } from "../safe_parse.ts";
import { describe } from "./term_cells.ts";

const metadataKinds = ["metadata", "public_metadata"] as const;
type OpenKind = typeof metadataKinds[number] | "entitlement";

const openForm = /^(metadata|public_metadata|entitlement)\.([A-Za-z0-9_.-]{1,64})$/;

/** "metadata.region" for " Metadata.region"; null for a heading that names none. */
export function openLicenseField(heading: string): string | null {
  const text = heading.trim().replace(
    /^[A-Za-z_ ]+(?=\.)/,
    (kind) => kind.toLowerCase().replaceAll(" ", "_"),
  );
  return openForm.test(text) ? text : null;
}

/** As `openLicenseField`, for devices: they have metadata, and no entitlements. */
export function openDeviceField(heading: string): string | null {
  const field = openLicenseField(heading);
  return field?.startsWith("entitlement.") ? null : field;
}

/** The cells of a row in columns of a kind, with their keys. */
export function openCells(row: ImportedValues, kind: OpenKind): { key: string; text: string }[] {
  return Object.entries(row).flatMap(([field, text]) => {
    const [, found, key] = openForm.exec(field) ?? [];
    return found === kind ? [{ key, text: String(text) }] : [];
  });
}

/** Metadata of the column "Metadata" and of those for one key each. */
export function metadataOfRow(
  row: ImportedValues & { metadata?: Record<string, unknown> },
): { metadata: Metadata; errors: CellError[] } {
  const all: Record<string, unknown> = { ...row.metadata };
  for (const kind of metadataKinds) {
    for (const { key, text } of openCells(row, kind)) {
      const answer = /^(?:true|false)$/i.test(text) ? text.toLowerCase() === "true" : numberOr(text);
      all[key] = { value: answer, public: kind === "public_metadata" };
    }
  }
  const parsed = safeParse(metadataSchema, all);
  if (parsed.success) return { metadata: parsed.data, errors: [] };
  const [issue] = parsed.error.issues;
  // Of what is wrong with a value the path has its key first.
  const message = describe({ ...issue, path: issue.path.slice(0, 1) });
  return { metadata: {}, errors: [{ field: "Metadata", message }] };
}

/** A number where the text is what the number is written as: "0123" and long digits stay text. */
export function numberOr(text: string): number | string {
  return String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
}
