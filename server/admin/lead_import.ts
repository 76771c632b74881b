// POST /leads/import: leads from a CSV or XLSX file.
import { z } from "zod";
import { importTable } from "../domain/leads/request_import.ts";
import { accepted, type Answer, type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { answerForm, leadDialect, readMapping, redirect } from "./lead_fields.ts";
import { openUpload } from "./upload.ts";
import { wire } from "./wire.ts";

const importReport = z.object({
  success: z.boolean().describe("Whether it was done"),
  rows: z.int().describe("Rows in the table"),
  imported: z.int().describe("Rows that were saved, or would be"),
  failed: z.int().describe("Rows that were not saved, or would not be"),
  errors: z.array(
    z.object({
      line: z.int().describe("The line of the file"),
      field: z.string().describe("The column"),
      message: z.string().describe("What happened, for people"),
    }),
  ).describe(
    "What is wrong, by line and field; the first thousand",
  ),
  dry_run: z.boolean().describe("Whether nothing was to be saved"),
  columns: z.array(z.object({
    heading: z.string().describe("As it stands in the file"),
    column: z.string().nullable().describe("What it is taken for; null for nothing"),
  })).optional().describe("The columns found; only of a dry run"),
  preview: z.array(z.object({
    line: z.int().describe("The line of the file"),
    values: z.array(z.string()).describe("A value for each of the columns"),
  })).optional().describe("The first ten rows as they were read; only of a dry run"),
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
        "The file is the body itself or a field of a form, of 50 MiB at most. Its first line names the columns, as the export " +
        "writes them; a column Name is needed. Other headings are matched by a mapping. Every row is checked; the good ones are " +
        "saved together, the bad ones reported. A dry run saves nothing, says which columns were found and what the first rows " +
        "hold, and is always answered with JSON. A large table is answered 202 and goes on as a job, whose result is the report.",
      guard: guards.manager,
      query: z.object({
        dry_run: z.enum(["0", "1", "true", "false"]).default("0").describe("1 only checks and saves nothing"),
        mapping: z.string().max(65_536).optional().describe(
          'JSON: for which column each heading of the file is taken, {"Company": "Name", "Fax": null}; null or "" leaves one ' +
            "out. Also as a field of the form, before the file",
        ),
      }),
      answers: {
        200: { description: "What was saved, and what is wrong with the rest", schema: importReport },
        202: {
          description: "A large table: a job was begun",
          schema: z.object({
            success: z.boolean().describe("Whether it was done"),
            job_id: z.int().describe("The job's id"),
            message: z.string().describe("What happened, for people"),
          }),
        },
        303: redirect,
      },
      errors: ["PAYLOAD_TOO_LARGE"],
      async handle({ ctx, query, request }) {
        const dryRun = query.dry_run === "1" || query.dry_run === "true";
        const { fields, pieces } = await openUpload(request.raw);
        const mapping = readMapping(fields.get("mapping") ?? query.mapping);
        const result = await importTable(ctx, pieces, { dryRun, mapping });
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
