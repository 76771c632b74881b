// Import of leads from a table: the documented call, and the rows of a table that cannot be saved.
import { z } from "zod";
import { exportFormat } from "../domain/list_inputs.ts";
import { checkTable } from "../domain/leads/check_table.ts";
import { duplicateHandling } from "../domain/leads/inputs.ts";
import { importTable } from "../domain/leads/request_import.ts";
import { contentTypes } from "../domain/sheets/write.ts";
import { accepted, type Answer, type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { answerForm, leadDialect, redirect } from "./lead_fields.ts";
import { importQuery, readOptions } from "./lead_import_options.ts";
import { handleUpload } from "./upload.ts";
import { wire } from "./wire.ts";

const line = z.int().describe("Line of the file");
const message = z.string().describe("Readable message");
const field = z.string().describe('Field; "" for the whole row');

const importReport = z.object({
  success: z.boolean().describe("Whether the action succeeded"),
  rows: z.int().describe("Rows in the table"),
  imported: z.int().describe("Rows saved, or that would be in a dry run"),
  updated: z.int().describe("Of those, duplicates that updated a lead"),
  skipped: z.int().describe("Duplicates left out"),
  failed: z.int().describe("Rows with errors"),
  errors: z.array(z.object({ line, field, message })).describe(
    "Errors by line and field; the first thousand",
  ),
  dry_run: z.boolean().describe("Whether it was a dry run"),
  duplicates: z.object({
    handling: duplicateHandling.describe("What was done with them"),
    in_file: z.int().describe("Rows that repeat an earlier row"),
    existing: z.int().describe("Rows that repeat an existing lead"),
    rows: z.array(z.object({
      line,
      name: z.string().describe("Name of the institution"),
      of_line: z.int().nullable().describe("The earlier line"),
      of_lead_id: z.int().nullable().describe("The existing lead"),
    })).describe("The first thousand"),
  }).describe("Rows with the name of another row or lead and no other email address"),
  invalid_rows: z.object({
    columns: z.array(z.string()).describe("Headings with which the corrected rows can be imported"),
    rows: z.array(z.object({
      line,
      cells: z.array(z.string()).describe("One value per column"),
      errors: z.array(z.object({ field, message })).describe("Errors of the row"),
    })).describe("The first rows with errors"),
    is_complete: z.boolean().describe("Whether these are all of them"),
  }).describe("The rows with errors as they are in the file"),
  table: z.object({
    format: z.string().describe("Format of the file"),
    encoding: z.string().nullable().describe("Encoding of a text file"),
    separator: z.string().nullable().describe("Separator of a text file"),
    sheet: z.string().nullable().describe("The sheet read"),
    sheets: z.array(z.object({
      name: z.string().describe("Name of the sheet"),
      hidden: z.boolean().describe("Whether it is hidden"),
      row_count: z.int().describe("Rows below its headings"),
    })).describe("The sheets of a workbook"),
    heading_line: z.int().describe("Line of the headings"),
    warnings: z.array(z.object({
      code: z.string().describe("Kind of warning"),
      line,
      column: z.string().nullable().describe("Column"),
      message,
    })).describe("The first hundred"),
    warning_count: z.int().describe("Warnings in all"),
  }).describe("How the file was read"),
  columns: z.array(z.object({
    heading: z.string().describe("Heading in the file"),
    name: z.string().describe('Its unique name, such as "Email (2)"; a mapping accepts it'),
    column: z.string().nullable().describe("The lead field it is mapped to; null when ignored"),
  })).optional().describe("The columns found; dry run only"),
  preview: z.array(z.object({
    line,
    values: z.array(z.string()).describe("One value per column"),
  })).optional().describe("The first ten rows as read; dry run only"),
});

const upload = {
  type: "text/csv",
  example:
    "Name,Type,Website,City,Country\nUniversity of Example,university,https://example.edu,Exampleton,DE\n",
};

export function leadImportEndpoints(guards: Guards): Endpoint[] {
  return [
    endpoint({
      tag: "Leads",
      dialect: leadDialect,
      method: "post",
      path: "/leads/import",
      operationId: "importLeads",
      summary: "Import leads from a CSV or XLSX file",
      description:
        "The file is the body or a field of a form, at most 50 MiB, or 4 MiB without Content-Length. Its headings are those " +
        "of the export; the column Name is required. Other headings are matched by a mapping. Every row is validated; valid " +
        "rows are saved in one transaction, the others reported. A dry run saves nothing, reports the columns found and the " +
        "first rows, and always returns JSON. A large file returns 202 and is imported by a job, whose result is the report. " +
        "The options can also be fields of the form, before the file.",
      guard: guards.manager,
      transfers: true,
      upload,
      query: importQuery.extend({
        dry_run: z.enum(["0", "1", "true", "false"]).default("0").describe(
          "1 validates the file without saving",
        ),
      }),
      answers: {
        200: { description: "Import report", schema: importReport },
        202: {
          description: "A large file: a job was started",
          schema: z.object({
            success: z.boolean().describe("Whether the action succeeded"),
            job_id: z.int().describe("The job's id"),
            message: z.string().describe("Readable message"),
          }),
        },
        303: redirect,
      },
      errors: ["PAYLOAD_TOO_LARGE", "CONFLICT"],
      async handle({ ctx, query, request }) {
        const dryRun = query.dry_run === "1" || query.dry_run === "true";
        const result = await handleUpload(
          request,
          ({ fields, file }) => importTable(ctx, file, { dryRun, ...readOptions(fields, query) }),
        );
        const reply = <Json extends Answer>(page: string, json: Json) =>
          dryRun ? json : answerForm(request, page, json);
        if ("job" in result) {
          const { id } = result.job;
          const message = "Import started";
          return reply(`/leads/?job=${id}`, accepted({ success: true, job_id: id, message }));
        }
        const page = `/leads/?imported=${result.imported}&failed=${result.failed}` +
          (result.skipped > 0 ? `&skipped=${result.skipped}` : "");
        return reply(
          page,
          ok(wire<z.output<typeof importReport>>({ success: result.failed === 0, ...result })),
        );
      },
    }),

    endpoint({
      tag: "Leads",
      dialect: documentedForm,
      method: "post",
      path: "/leads/import/invalid-rows",
      operationId: "exportInvalidRows",
      summary: "Export the rows with errors of a file",
      description:
        "Checks a file of at most 1 MiB as a dry run of the import does, and returns the rows with errors as a table with the " +
        "columns Line and Errors, which an import ignores: correct the rows and import the table.",
      guard: guards.manager,
      transfers: true,
      upload,
      query: importQuery.extend({ format: exportFormat.default("csv") }),
      answers: {
        200: {
          description: "The rows as CSV or XLSX",
          type: "text/csv",
          example: "Line,Errors,Name\n7,Name: is required,\n",
        },
      },
      errors: ["PAYLOAD_TOO_LARGE"],
      async handle({ ctx, query, request }) {
        const { format } = query;
        const rows = await handleUpload(
          request,
          ({ fields, file }) => checkTable(ctx, file, { ...readOptions(fields, query), format }),
        );
        return {
          ...ok(rows),
          headers: {
            "content-type": contentTypes[format],
            "content-disposition": `attachment; filename="import-errors.${format}"`,
          },
        };
      },
    }),
  ];
}
