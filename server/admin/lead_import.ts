// POST /leads/import: leads from a CSV or XLSX file.
import { z } from "zod";
import { importTable } from "../domain/leads/request_import.ts";
import { accepted, type Answer, type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { answerForm, leadDialect, readMapping, redirect } from "./lead_fields.ts";
import { handleUpload } from "./upload.ts";
import { wire } from "./wire.ts";

const importReport = z.object({
  success: z.boolean().describe("Whether the action succeeded"),
  rows: z.int().describe("Rows in the table"),
  imported: z.int().describe("Rows saved, or valid in a dry run"),
  failed: z.int().describe("Rows with errors"),
  errors: z.array(
    z.object({
      line: z.int().describe("Line of the file"),
      field: z.string().describe("Field"),
      message: z.string().describe("Readable message"),
    }),
  ).describe(
    "Errors by line and field; the first thousand",
  ),
  dry_run: z.boolean().describe("Whether it was a dry run"),
  columns: z.array(z.object({
    heading: z.string().describe("Heading in the file"),
    column: z.string().nullable().describe("The lead field it is mapped to; null when ignored"),
  })).optional().describe("The columns found; dry run only"),
  preview: z.array(z.object({
    line: z.int().describe("Line of the file"),
    values: z.array(z.string()).describe("One value per column"),
  })).optional().describe("The first ten rows as read; dry run only"),
});

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
        "The file is the body or a field of a form, at most 50 MiB. Its first line contains the headings of the export; the " +
        "column Name is required. Other headings are matched by a mapping. Every row is validated; valid rows are saved in one " +
        "transaction, the others reported. A dry run saves nothing, reports the columns found and the first rows, and always " +
        "returns JSON. A large file returns 202 and is imported by a job, whose result is the report.",
      guard: guards.manager,
      query: z.object({
        dry_run: z.enum(["0", "1", "true", "false"]).default("0").describe(
          "1 validates the file without saving",
        ),
        mapping: z.string().max(65_536).optional().describe(
          'JSON: the column of each heading, such as {"Company": "Name", "Fax": null}; null or "" ignores the heading. ' +
            "Also as a field of the form, before the file",
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
      errors: ["PAYLOAD_TOO_LARGE"],
      async handle({ ctx, query, request }) {
        const dryRun = query.dry_run === "1" || query.dry_run === "true";
        const result = await handleUpload(request.raw, ({ fields, file }) => {
          const mapping = readMapping(fields.get("mapping") ?? query.mapping);
          return importTable(ctx, file, { dryRun, mapping });
        });
        const reply = <Json extends Answer>(page: string, json: Json) =>
          dryRun ? json : answerForm(request, page, json);
        if ("job" in result) {
          const { id } = result.job;
          const message = "The import has begun";
          return reply(`/leads/?job=${id}`, accepted({ success: true, job_id: id, message }));
        }
        const page = `/leads/?imported=${result.imported}&failed=${result.failed}`;
        return reply(
          page,
          ok(wire<z.output<typeof importReport>>({ success: result.failed === 0, ...result })),
        );
      },
    }),
  ];
}
