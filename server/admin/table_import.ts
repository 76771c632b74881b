// Import of a table: the call that imports it, and the one that answers its rows that cannot be saved. Both exist for each
// kind of object.
import { z } from "zod";
import { checkTable } from "../domain/imports/check_table.ts";
import type { ImportedKind, ImportedValues } from "../domain/imports/imported_kind.ts";
import { duplicateHandling } from "../domain/imports/inputs.ts";
import { importTable } from "../domain/imports/request_import.ts";
import { exportFormat } from "../domain/list_inputs.ts";
import { contentTypes } from "../domain/sheets/write.ts";
import {
  accepted,
  type Answer,
  type Dialect,
  type Endpoint,
  endpoint,
  type Guard,
  ok,
} from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { RequestContext } from "../request/request_context.ts";
import { importQueryOf, type ImportRules, isSet, readOptions } from "./import_options.ts";
import { handleUpload } from "./upload.ts";
import { type Unwired, wire } from "./wire.ts";

const line = z.int().describe("Line of the file");
const message = z.string().describe("Readable message");
const field = z.string().describe('Field; "" for the whole row');

/**
 * The schema of a report.
 *
 * @param reference the id of an existing object that a row is a duplicate of
 */
const reportOf = <Reference extends z.ZodRawShape>(reference: Reference) =>
  z.object({
    success: z.boolean().describe("Whether the action succeeded"),
    rows: z.int().describe("Rows in the table"),
    imported: z.int().describe("Rows saved, or that would be in a dry run"),
    updated: z.int().describe("Of those, duplicates that updated an existing object"),
    skipped: z.int().describe("Duplicates left out"),
    failed: z.int().describe("Rows with errors"),
    errors: z.array(z.object({ line, field, message })).describe(
      "Errors by line and field; the first thousand",
    ),
    dry_run: z.boolean().describe("Whether it was a dry run"),
    duplicates: z.object({
      handling: duplicateHandling.describe("What was done with them"),
      in_file: z.int().describe("Rows that repeat an earlier row"),
      existing: z.int().describe("Rows that repeat an existing object"),
      rows: z.array(z.object({
        line,
        name: z.string().describe("Name in the row"),
        of_line: z.int().nullable().describe("The earlier line"),
        ...reference,
      })).describe("The first thousand"),
    }).describe("Rows that repeat another row or an existing object"),
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
      column: z.string().nullable().describe("The field it is mapped to; null when ignored"),
    })).optional().describe("The columns found; dry run only"),
    preview: z.array(z.object({
      line,
      values: z.array(z.string()).describe("One value per column"),
    })).optional().describe("The first ten rows as read; dry run only"),
  });

const reports = {
  lead: reportOf({ of_lead_id: z.int().nullable().describe("The existing lead") }),
  customer: reportOf({ of_customer_id: z.int().nullable().describe("The existing customer") }),
  license: reportOf({ of_license_id: z.int().nullable().describe("The existing license") }).extend({
    new_customers: z.int().describe("Customers that are created, or would be in a dry run"),
  }),
  device: reportOf({ of_device_id: z.int().nullable().describe("The existing activation") }),
};

type ReportBody = z.output<typeof reports[keyof typeof reports]>;

/** How a kind of object is imported over REST. */
export interface TableImport<Row extends ImportedValues> {
  kind: ImportedKind<Row>;
  tag: string;
  path: string;
  dialect: Dialect;
  guard: Guard;
  operations: { import: string; exportInvalidRows: string };
  /** "leads" */
  objects: string;
  rules: ImportRules;
  /** The columns without which nothing is imported, and what else is said of them. */
  columns: string;
  /** The beginning of a table. */
  example: string;
  /** The answer to a form of a browser instead of JSON; its page takes a query. */
  answerPage?: {
    answer: { description: string };
    reply<Json extends Answer>(request: RequestContext, query: string, json: Json): Json | Answer<303, null>;
  };
}

export function tableImportEndpoints<Row extends ImportedValues>(table: TableImport<Row>): Endpoint[] {
  const { kind, objects, path, operations, answerPage, rules } = table;
  const upload = { type: "text/csv", example: table.example };
  const importQuery = importQueryOf(rules);
  const common = { method: "post", tag: table.tag, guard: table.guard, transfers: true, upload } as const;
  const importReport: z.ZodType<ReportBody> = reports[kind.noun];
  const withPage = {
    200: { description: "Import report", schema: importReport },
    202: {
      description: "A large file: a job was started",
      schema: z.object({
        success: z.boolean().describe("Whether the action succeeded"),
        job_id: z.int().describe("The job's id"),
        message: z.string().describe("Readable message"),
      }),
    },
    303: answerPage?.answer ?? { description: "" },
  };
  const { 303: _, ...json } = withPage;
  // Without a page there is no answer 303.
  const answers = (answerPage ? withPage : json) as typeof withPage;
  return [
    endpoint({
      ...common,
      dialect: table.dialect,
      path,
      operationId: operations.import,
      summary: `Import ${objects} from a CSV or XLSX file`,
      description:
        "The file is the body or a field of a form, at most 50 MiB, or 4 MiB without Content-Length. Its headings are those " +
        `of the export; ${table.columns}. Other headings are matched by a mapping. Every row is validated; valid ` +
        "rows are saved in one transaction, the others reported. A dry run saves nothing, reports the columns found and the " +
        "first rows, and always returns JSON. A large file returns 202 and is imported by a job, whose result is the report. " +
        "The options can also be fields of the form, before the file.",
      query: importQuery.extend({
        dry_run: z.enum(["0", "1", "true", "false"]).default("0").describe(
          "1 validates the file without saving",
        ),
      }),
      answers,
      errors: ["PAYLOAD_TOO_LARGE", "CONFLICT"],
      async handle({ ctx, query, request }) {
        const dryRun = isSet(query.dry_run);
        const result = await handleUpload(
          request,
          ({ fields, file }) =>
            importTable(ctx, kind, file, { dryRun, ...readOptions(fields, query, rules) }),
        );
        const reply = <Json extends Answer>(page: string, json: Json) =>
          dryRun || !answerPage ? json : answerPage.reply(request, page, json);
        if ("job" in result) {
          const { id } = result.job;
          const message = "Import started";
          return reply(`job=${id}`, accepted({ success: true, job_id: id, message }));
        }
        const page = `imported=${result.imported}&failed=${result.failed}` +
          (result.skipped > 0 ? `&skipped=${result.skipped}` : "");
        return reply(
          page,
          ok(wire<ReportBody>({ success: result.failed === 0, ...result } as Unwired<ReportBody>)),
        );
      },
    }),

    endpoint({
      ...common,
      dialect: documentedForm,
      path: `${path}/invalid-rows`,
      operationId: operations.exportInvalidRows,
      summary: `Export the rows with errors of a file${objects === "leads" ? "" : ` of ${objects}`}`,
      description:
        "Checks a file of at most 1 MiB as a dry run of the import does, and returns the rows with errors as a table with the " +
        "columns Line and Errors, which an import ignores: correct the rows and import the table.",
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
          ({ fields, file }) => checkTable(ctx, kind, file, { ...readOptions(fields, query, rules), format }),
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
