// The documented lead routes. GET /leads/, /leads/create and /leads/edit/{lead_id} are pages of the panel at exactly
// these addresses, and the panel mounts them; here are the POSTs, the export and the numbers. Whoever sends a form is
// answered 303 to the page, whoever sends JSON, or asks for it by Accept, with JSON.
import { z } from "zod";
import { importTable } from "../domain/leads/request_import.ts";
import { exportFormat } from "../domain/list_inputs.ts";
import { leadList } from "../domain/leads/inputs.ts";
import { leadColumns } from "../domain/leads/columns.ts";
import { getLeadStats } from "../domain/leads/statistics.ts";
import { listLeads } from "../domain/leads/list.ts";
import { createLead, deleteLead, updateLead } from "../domain/leads/leads.ts";
import { allRows } from "../domain/lists.ts";
import { requireRole } from "../domain/authorization.ts";
import { contentTypes, writeSheet } from "../domain/sheets/write.ts";
import { type Answer, created, endpoint, ok } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import type { RequestContext } from "../request/request_context.ts";
import { documentedForm } from "../request/error_form.ts";
import { leadBody, leadChangesBody, leadDialect, readMapping, wantsPage } from "./lead_fields.ts";
import { openUpload } from "./upload.ts";
import { queryOf, wire, wireId } from "./wire.ts";

const leadExport = leadList.omit({ cursor: true, limit: true }).extend({ format: exportFormat.optional() });
const done = z.object({
  success: z.boolean().describe("Whether it was done"),
  lead_id: z.int().describe("The lead's id"),
  message: z.string().describe("What happened, for people"),
});
const report = z.object({
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

/** A form's answer is the page where the result is seen, unless its sender asks for JSON. */
function answer(request: RequestContext, page: string, json: Answer): Answer {
  return wantsPage(request.raw) ? { status: 303, body: null, headers: { location: page } } : json;
}

export function leadCalls(guards: Guards) {
  const common = { tag: "Leads", dialect: leadDialect } as const;
  const leadId = z.object({ lead_id: wireId.describe("The lead's id") });
  const seen = { description: "For a form: on to the page" };
  return [
    endpoint({
      ...common,
      dialect: documentedForm,
      method: "get",
      path: "/leads/api/stats",
      summary: "Leads in numbers",
      guard: guards.viewer,
      answers: {
        200: {
          description: "The numbers",
          schema: z.object({
            total_institutions: z.int().describe("All institutions"),
            total_contacts: z.int().describe("All people there"),
            recent_activities: z.int().describe("Within 30 days"),
            conversion_rate: z.number().describe("Won institutions per hundred"),
            by_type: z.record(z.string(), z.int()).describe("The same of each kind"),
          }).meta({
            examples: [{
              total_institutions: 150,
              total_contacts: 450,
              recent_activities: 25,
              conversion_rate: 12.5,
              by_type: { university: 50, company: 75, government: 25 },
            }],
          }),
        },
      },
      async handle({ ctx }) {
        const stats = await getLeadStats(ctx);
        return ok({
          total_institutions: stats.totalInstitutions,
          total_contacts: stats.totalContacts,
          recent_activities: stats.recentActivities,
          conversion_rate: stats.conversionRate,
          by_type: stats.byType,
        });
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/leads/create",
      summary: "Add a lead",
      guard: guards.manager,
      changes: true,
      body: leadBody.meta({
        examples: [{ name: "University of Ashford", type: "university", contact_name: "Ada Byron" }],
      }),
      answers: { 201: { description: "Added", schema: done }, 303: seen },
      async handle({ ctx, body, request }) {
        const { id } = await createLead(ctx, body);
        return answer(
          request,
          `/leads/edit/${id}`,
          created({ success: true, lead_id: id, message: "Lead created successfully" }),
        );
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/leads/update/{lead_id}",
      summary: "Change a lead",
      description: "Only the fields sent are changed. A lead whose stage becomes won becomes a customer.",
      guard: guards.manager,
      changes: true,
      params: leadId,
      body: leadChangesBody.meta({ examples: [{ stage: "won" }] }),
      answers: { 200: { description: "Changed", schema: done }, 303: seen },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params, body, request }) {
        await updateLead(ctx, { id: params.lead_id, changes: body });
        return answer(
          request,
          `/leads/edit/${params.lead_id}`,
          ok({ success: true, lead_id: params.lead_id, message: "Lead updated successfully" }),
        );
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/leads/delete/{lead_id}",
      summary: "Delete a lead",
      description: "It can be restored for 30 days.",
      guard: guards.manager,
      changes: true,
      params: leadId,
      answers: { 200: { description: "Deleted", schema: done }, 303: seen },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params, request }) {
        await deleteLead(ctx, params.lead_id);
        return answer(
          request,
          "/leads/",
          ok({ success: true, lead_id: params.lead_id, message: "Lead deleted successfully" }),
        );
      },
    }),

    endpoint({
      ...common,
      dialect: documentedForm,
      method: "get",
      path: "/leads/export",
      summary: "All leads as a table",
      description:
        "Takes the filters of the list. Cells that a spreadsheet would take for a formula are made harmless.",
      guard: guards.viewer,
      query: queryOf(leadExport),
      answers: { 200: { description: "The table", type: "text/csv" } },
      handle({ ctx, query }) {
        requireRole(ctx, "viewer");
        const { format = "csv", ...filters } = query;
        return {
          status: 200,
          body: writeSheet(
            format,
            leadColumns,
            allRows((page) => listLeads(ctx, { sort: "id", ...filters, ...page })),
          ),
          headers: {
            "content-type": contentTypes[format],
            "content-disposition": `attachment; filename="leads.${format}"`,
          },
        };
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/leads/import",
      summary: "Import leads from a CSV or XLSX table",
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
        200: { description: "What was saved, and what is wrong with the rest", schema: report },
        202: {
          description: "A large table: a job was begun",
          schema: z.object({
            success: z.boolean().describe("Whether it was done"),
            job_id: z.int().describe("The job's id"),
            message: z.string().describe("What happened, for people"),
          }),
        },
        303: seen,
      },
      errors: ["PAYLOAD_TOO_LARGE"],
      async handle({ ctx, query, request }) {
        const dryRun = query.dry_run === "1" || query.dry_run === "true";
        const { fields, pieces } = await openUpload(request.raw);
        const mapping = readMapping(fields.get("mapping") ?? query.mapping);
        const result = await importTable(ctx, pieces, { dryRun, mapping });
        const told = (page: string, json: Answer) => dryRun ? json : answer(request, page, json);
        if ("job" in result) {
          const { id } = result.job;
          const message = "The import has begun";
          return told(`/leads/?job=${id}`, { status: 202, body: { success: true, job_id: id, message } });
        }
        const page = `/leads/?imported=${result.imported}&failed=${result.failed}`;
        return told(page, ok({ success: result.failed === 0, ...wire(result) as object }));
      },
    }),
  ];
}
