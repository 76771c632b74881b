// Reading a row of licenses into the values of a new license, with what is wrong in it.
import type { CalendarDay } from "../calendar.ts";
import { DomainError, isDomainError } from "../errors.ts";
import type { CellError } from "../imports/imported_kind.ts";
import { parseKey } from "../licenses/key.ts";
import { type NewTerms, termsOf } from "../licenses/new_license.ts";
import type { PlanRow } from "../plans/plans.ts";
import { entitlements as entitlementsSchema, termNames, type Terms } from "../policy/inputs.ts";
import { safeParse } from "../safe_parse.ts";
import { readYesNo } from "../imports/cells.ts";
import { licenseHeadings } from "./inputs.ts";
import { numberOr, openCells } from "./open_columns.ts";
import type { TableLicense } from "./table_license.ts";
import { describe } from "./term_cells.ts";

/** The digest of a row's key, hex; null when one is generated. Refuses a key that no license can have. */
export function digestOfRow({ key }: TableLicense, digest: (key: ReturnType<typeof parseKey>) => string) {
  if (key === undefined) return { digest: null, error: null };
  try {
    return { digest: digest(parseKey(key)), error: null };
  } catch (error) {
    if (!isDomainError(error, "INVALID_LICENSE")) throw error;
    return { digest: null, error: { field: "Key", message: "is not a license key" } };
  }
}

/** The terms of a row: its own, else the plan's. */
export function termsOfRow(
  row: TableLicense,
  { productId, plan, today }: { productId: number; plan: PlanRow | null; today: CalendarDay },
): { terms: NewTerms } | { errors: CellError[] } {
  const own = Object.fromEntries(
    termNames.flatMap((name) => row[name] === undefined ? [] : [[name, row[name]]]),
  ) as Partial<Terms>;
  const { entitlements, errors } = entitlementsOfRow(row, plan);
  if (errors.length > 0) return { errors };
  const { type, validFrom, validUntil, updatesUntil } = row;
  try {
    const given = { ...own, ...(entitlements ? { entitlements } : {}) };
    return {
      terms: termsOf(plan, { productId, ...given, type, validFrom, validUntil, updatesUntil }, today),
    };
  } catch (error) {
    if (!isDomainError(error, "INVALID_REQUEST")) throw error;
    return { errors: [refusalOf(error)] };
  }
}

/** Entitlements of "entitlement.KEY" columns beside those of the row or its plan; undefined without such columns. */
function entitlementsOfRow(
  row: TableLicense,
  plan: PlanRow | null,
): { entitlements?: Terms["entitlements"]; errors: CellError[] } {
  const cells = openCells(row, "entitlement");
  if (cells.length === 0) return { errors: [] };
  const all: Record<string, unknown> = { ...row.entitlements ?? plan?.entitlements };
  for (const { key, text } of cells) {
    const answer = /^[01]$/.test(text) ? null : readYesNo(text);
    if (answer === false) delete all[key];
    else all[key] = answer ?? numberOr(text);
  }
  const parsed = safeParse(entitlementsSchema, all);
  return parsed.success
    ? { entitlements: parsed.data, errors: [] }
    : { errors: [{ field: "entitlements", message: describe(parsed.error.issues[0]) }] };
}

/** Why terms are refused, by the column. */
function refusalOf({ facts: { field = "", reason, other } }: DomainError<"INVALID_REQUEST">): CellError {
  const message = reason === "before_valid_from"
    ? "is before the first day"
    : reason === "contradicts"
    ? `contradicts ${headingOf(other!)}`
    : reason === "ends_too_late"
    ? "begins a period that ends after 9999-12-31"
    : "cannot be used here";
  return { field: headingOf(field), message };
}

function headingOf(field: string): string {
  const fold = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  return licenseHeadings.find((heading) => fold(heading) === fold(field)) ?? field;
}
