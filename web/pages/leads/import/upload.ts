// The one upload there is: a table of leads, which is too large for tRPC and goes by the documented REST address with
// the same cookie. Like every other call it waits when the session has ended, and then goes on.
import { addresses, withQuery } from "../../../lib/addresses.ts";
import { ApiCallError, type ApiError, unreachableError } from "../../../lib/api_error.ts";
import { reauthenticateAfter } from "../../../lib/trpc.ts";

/** What the server says of a table: what it saved or would save, and what is wrong with the rest. */
export interface ImportReport {
  rows: number;
  imported: number;
  failed: number;
  /** The first thousand. */
  errors: { line: number; field: string; message: string }[];
}

/** What a dry run says besides. */
export interface DryReport extends ImportReport {
  columns: { heading: string; column: string | null }[];
  preview: { line: number; values: string[] }[];
}

/** For which column each heading is taken; null leaves one out. */
export type Mapping = Record<string, string | null>;

/** What was answered at once, or the job that goes on with a large table. */
export type ImportAnswer<Report> = { report: Report } | { jobId: number };

/** Checks a table and saves nothing. */
export function checkLeads(file: File, mapping: Mapping | null): Promise<ImportAnswer<DryReport>> {
  return send(withQuery(addresses.importLeads(), { dry_run: 1 }), file, mapping);
}

/** Imports a table. */
export function importLeads(file: File, mapping: Mapping): Promise<ImportAnswer<ImportReport>> {
  return send(addresses.importLeads(), file, mapping);
}

/**
 * Sends a table.
 *
 * @throws ApiCallError
 */
async function send<Report>(
  address: string,
  file: File,
  mapping: Mapping | null,
): Promise<ImportAnswer<Report>> {
  const form = new FormData();
  // Fields are read before the file is.
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
