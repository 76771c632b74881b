// The upload of a table of leads. It is too large for tRPC and uses the documented REST endpoint with the session
// cookie. It waits for re-authentication as tRPC calls do.
import { addresses, withQuery } from "../../../lib/addresses.ts";
import { ApiCallError, type ApiError, unreachableError } from "../../../lib/api_error.ts";
import { reauthenticateAfter } from "../../../lib/trpc.ts";

/** The report of an import: the number of rows that were or would be saved, and the errors of the others. */
export interface ImportReport {
  rows: number;
  imported: number;
  failed: number;
  /** The first thousand. */
  errors: { line: number; field: string; message: string }[];
}

/** The report of a dry run. */
export interface DryReport extends ImportReport {
  columns: { heading: string; column: string | null }[];
  preview: { line: number; values: string[] }[];
}

/** The field of each heading; null leaves a column out. */
export type Mapping = Record<string, string | null>;

/** The report of a small table, or the job that handles a large one. */
export type ImportAnswer<Report> = { report: Report } | { jobId: number };

/** Checks a table without saving it. */
export function checkLeads(file: File, mapping: Mapping | null): Promise<ImportAnswer<DryReport>> {
  return send(withQuery(addresses.importLeads(), { dry_run: 1 }), file, mapping);
}

/** Imports a table. */
export function importLeads(file: File, mapping: Mapping): Promise<ImportAnswer<ImportReport>> {
  return send(addresses.importLeads(), file, mapping);
}

/**
 * Uploads a table.
 *
 * @throws ApiCallError
 */
async function send<Report>(
  address: string,
  file: File,
  mapping: Mapping | null,
): Promise<ImportAnswer<Report>> {
  const form = new FormData();
  // The server needs the fields before the file.
  if (mapping) form.append("mapping", JSON.stringify(mapping));
  form.append("file", file);
  for (let tries = 0;; tries++) {
    const reply = await fetch(address, {
      method: "POST",
      body: form,
      headers: { accept: "application/json" },
    }).catch(() => {
      throw new ApiCallError(unreachableError);
    });
    const answer = await reply.json().catch(() => ({}));
    if (reply.ok) return "job_id" in answer ? { jobId: answer.job_id } : { report: answer };
    const refused = refusedIn(answer);
    if (tries > 0 || !await reauthenticateAfter(refused.code)) throw new ApiCallError(refused);
  }
}

function refusedIn({ error }: { error?: Partial<ApiError> }): ApiError {
  if (!error?.code) return unreachableError;
  return { code: error.code, message: error.message ?? error.code, details: error.details ?? {} };
}
