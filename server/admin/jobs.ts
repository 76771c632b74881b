// Background jobs that administrators requested.
import { z } from "zod";
import { jobList } from "../domain/jobs/inputs.ts";
import { exportFormat } from "../domain/list_inputs.ts";
import { exportInvalidRows } from "../domain/imports/check_table.ts";
import { contentTypes } from "../domain/sheets/write.ts";
import { cancelJob, getJob, listJobs } from "../domain/jobs/job.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { integer, nullableText, oneId, text, time } from "./schemas.ts";

export const job = z.object({
  id: integer.describe("The job's id"),
  kind: text.describe("Kind of job"),
  state: z.enum(["waiting", "running", "done", "failed", "cancelled"]).describe("State"),
  done: integer.describe("Progress"),
  total: integer.nullable().describe("Number of items"),
  result: z.record(text, z.unknown()).nullable().describe("Result"),
  error: nullableText.describe("Error message"),
  administrator_name: nullableText.describe("Name of the administrator who requested it"),
  requested_at: time,
  started_at: time.nullable().describe("Start time"),
  finished_at: time.nullable().describe("Time it finished"),
}).meta({ id: "Job" });

export function jobEndpoints({ viewer, manager }: Guards): Endpoint[] {
  return [
    ...resourceEndpoints({
      name: { entity: "Job", label: "job" },
      path: "/api/admin/jobs",
      tag: "Jobs",
      reads: viewer,
      writes: manager,
      schema: job,
      list: { input: jobList, verb: listJobs },
      get: getJob,
      delete: cancelJob,
      deletion: "cancel",
    }),
    endpoint({
      tag: "Jobs",
      dialect: documentedForm,
      method: "get",
      path: "/api/admin/jobs/{id}/invalid-rows",
      transfers: true,
      operationId: "exportInvalidRowsOfJob",
      summary: "Export the rows with errors of an import",
      description:
        "The rows of the imported table with the columns Line and Errors, which an import ignores: correct the rows and import " +
        "the table.",
      guard: viewer,
      params: oneId,
      query: z.object({ format: exportFormat.default("csv") }),
      answers: {
        200: {
          description: "The rows as CSV or XLSX",
          type: "text/csv",
          example: "Line,Errors,Name\n7,Name: is required,\n",
        },
      },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params: { id }, query: { format } }) {
        return {
          ...ok(await exportInvalidRows(ctx, { id, format })),
          headers: {
            "content-type": contentTypes[format],
            "content-disposition": `attachment; filename="import-errors-${id}.${format}"`,
          },
        };
      },
    }),
  ];
}
