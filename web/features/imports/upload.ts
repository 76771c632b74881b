// The upload of a table. It is too large for tRPC and uses the documented REST endpoint with the session
// cookie. It waits for re-authentication as tRPC calls do.
import type { DuplicateHandling } from "../../../server/domain/imports/inputs.ts";
import { withQuery } from "../../lib/addresses.ts";
import { ApiCallError, type ApiError, unreachableError } from "../../lib/api_error.ts";
import { downloadBlob } from "../../lib/download.ts";
import { reauthenticateAfter } from "../../lib/trpc.ts";
import type { ImportTarget } from "./import_target.ts";

/** The report of an import: the number of rows that were or would be saved, and what is wrong with the others. */
export interface ImportReport {
  rows: number;
  imported: number;
  updated: number;
  skipped: number;
  failed: number;
  /** Customers that were or would be created; absent where none can be. */
  newCustomers?: number;
  /** The first thousand. */
  errors: { line: number; field: string; message: string }[];
  duplicates: Duplicates;
  table: TableReading;
}

export interface Duplicates {
  handling: DuplicateHandling;
  inFile: number;
  existing: number;
  /** The first thousand. */
  rows: {
    line: number;
    name: string;
    ofLine: number | null;
    ofLeadId?: number | null;
    ofCustomerId?: number | null;
    ofLicenseId?: number | null;
    ofDeviceId?: number | null;
  }[];
}

/** How the file was read. */
export interface TableReading {
  format: string;
  encoding: string | null;
  separator: string | null;
  sheet: string | null;
  sheets: { name: string; hidden: boolean; rowCount: number }[];
  headingLine: number;
  /** The first hundred. */
  warnings: { line: number; message: string }[];
  warningCount: number;
}

/** The report of a dry run. */
export interface DryReport extends ImportReport {
  columns: { heading: string; name: string; column: string | null }[];
  preview: { line: number; values: string[] }[];
}

/** How a table is read and imported. */
export interface ImportChoices {
  /** The field of each column by its name; null leaves a column out. Without it columns are matched by their headings. */
  mapping?: Record<string, string | null>;
  duplicates: DuplicateHandling;
  /** Whether customers that do not exist are created. */
  createCustomers?: boolean;
  /** A sheet of a workbook, and the encoding of a text file; without them both are detected. */
  sheet?: string;
  encoding?: string;
}

/** The report of a small table, or the job that handles a large one. */
export type ImportAnswer<Report> = { report: Report } | { jobId: number };

/** Checks a table without saving it. */
export function checkTable(
  target: ImportTarget,
  file: File,
  choices: ImportChoices,
): Promise<ImportAnswer<DryReport>> {
  return importFrom(withQuery(target.importAddress, { dry_run: 1 }), file, choices);
}

/** Imports a table. */
export function importTable(
  target: ImportTarget,
  file: File,
  choices: ImportChoices,
): Promise<ImportAnswer<ImportReport>> {
  return importFrom(target.importAddress, file, choices);
}

/** Downloads the rows of a table that cannot be imported, so that they can be corrected. */
export async function downloadInvalidRows(
  target: ImportTarget,
  file: File,
  choices: ImportChoices,
  format: "csv" | "xlsx",
): Promise<void> {
  const reply = await send(withQuery(target.invalidRowsAddress, { format }), file, choices);
  downloadBlob(`import-errors.${format}`, await reply.blob());
}

async function importFrom<Report>(
  address: string,
  file: File,
  choices: ImportChoices,
): Promise<ImportAnswer<Report>> {
  const answer = camelCased(await (await send(address, file, choices)).json()) as
    | { jobId: number }
    | Report & object;
  return "jobId" in answer ? answer : { report: answer };
}

/**
 * Uploads a table.
 *
 * @throws ApiCallError
 */
async function send(address: string, file: File, choices: ImportChoices): Promise<Response> {
  const form = new FormData();
  // The server needs the fields before the file.
  const { mapping, createCustomers, ...texts } = choices;
  if (createCustomers) form.append("create_customers", "1");
  if (mapping) form.append("mapping", JSON.stringify(mapping));
  for (const [name, value] of Object.entries(texts)) if (value) form.append(name, value);
  form.append("file", file);
  for (let tries = 0;; tries++) {
    const reply = await fetch(address, {
      method: "POST",
      body: form,
      headers: { accept: "application/json" },
    }).catch(() => {
      throw new ApiCallError(unreachableError);
    });
    if (reply.ok) return reply;
    const refused = refusedIn(await reply.json().catch(() => ({})));
    if (tries > 0 || !await reauthenticateAfter(refused.code)) throw new ApiCallError(refused);
  }
}

function refusedIn({ error }: { error?: Partial<ApiError> }): ApiError {
  if (!error?.code) return unreachableError;
  return { code: error.code, message: error.message ?? error.code, details: error.details ?? {} };
}

/** A job's result has the names of the domain; a REST answer is given the same. */
function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camelCased(inner),
    ]),
  );
}
