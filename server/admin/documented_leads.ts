// The documented calls about leads. GET /leads/, /leads/create and /leads/edit/{lead_id} are pages of the panel. A form is
// answered 303 to the page that shows the result; JSON, or a form whose sender accepts JSON alone, with JSON.
import { requireRole } from "../domain/authorization.ts";
import { z } from "zod";
import { leadColumns } from "../domain/leads/columns.ts";
import { leadList } from "../domain/leads/inputs.ts";
import { createLead, deleteLead, updateLead } from "../domain/leads/leads.ts";
import { listLeads } from "../domain/leads/list.ts";
import { getLeadStats } from "../domain/leads/statistics.ts";
import { exportFormat } from "../domain/list_inputs.ts";
import { allRows } from "../domain/lists.ts";
import { contentTypes, writeSheet } from "../domain/sheets/write.ts";
import { created, type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { withTagOf } from "../request/preconditions.ts";
import { answerForm, leadBody, leadChangesBody, leadDialect, redirect } from "./lead_fields.ts";
import { queryOf, wireId } from "./wire.ts";

const leadExport = leadList.omit({ cursor: true, limit: true }).extend({ format: exportFormat.optional() });
const changed = z.object({
  success: z.boolean().describe("Whether the action succeeded"),
  lead_id: z.int().describe("The lead's id"),
  message: z.string().describe("Readable result"),
}).meta({ id: "LeadChanged" });
const leadId = z.object({ lead_id: wireId.describe("The lead's id") });

export function documentedLeadEndpoints(guards: Guards): Endpoint[] {
  const common = { tag: "Leads", dialect: leadDialect } as const;
  return [
    endpoint({
      ...common,
      dialect: documentedForm,
      method: "get",
      path: "/leads/api/stats",
      operationId: "getLeadStatistics",
      summary: "Lead statistics",
      guard: guards.viewer,
      answers: {
        200: {
          description: "Statistics",
          schema: z.object({
            total_institutions: z.int().describe("Total number of institutions"),
            total_contacts: z.int().describe("Total number of contacts"),
            recent_activities: z.int().describe("Within 30 days"),
            conversion_rate: z.number().describe("Percentage of leads that are won"),
            by_type: z.record(z.string(), z.int()).describe("Counts by type"),
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
      operationId: "submitLead",
      summary: "Create a lead from a form",
      guard: guards.manager,
      changes: true,
      body: leadBody.meta({
        examples: [{ name: "University of Ashford", type: "university", contact_name: "Ada Byron" }],
      }),
      answers: { 201: { description: "Lead created", schema: changed }, 303: redirect },
      async handle({ ctx, body, request }) {
        const { id } = await createLead(ctx, body);
        return answerForm(
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
      operationId: "submitLeadChanges",
      summary: "Update a lead from a form",
      description: "Only the fields sent are changed. A lead whose stage becomes won becomes a customer.",
      guard: guards.manager,
      changes: true,
      params: leadId,
      hasRevision: true,
      body: leadChangesBody.meta({ examples: [{ stage: "won" }] }),
      answers: { 200: { description: "Changed", schema: changed }, 303: redirect },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params, body: { revision: seen, ...changes }, request, revision = seen }) {
        const lead = await updateLead(ctx, { id: params.lead_id, changes, revision });
        return withTagOf(
          answerForm(
            request,
            `/leads/edit/${params.lead_id}`,
            ok({ success: true, lead_id: params.lead_id, message: "Lead updated successfully" }),
          ),
          lead.revision,
        );
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/leads/delete/{lead_id}",
      operationId: "submitLeadDeletion",
      summary: "Delete a lead from a form",
      description: "It can be restored for 30 days.",
      guard: guards.manager,
      changes: true,
      params: leadId,
      answers: { 200: { description: "Deleted", schema: changed }, 303: redirect },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params, request }) {
        await deleteLead(ctx, params.lead_id);
        return answerForm(
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
      transfers: true,
      operationId: "exportLeadsOfPage",
      summary: "Export leads (documented path)",
      description:
        "Accepts the filters of the list. Cells that a spreadsheet would read as a formula are escaped.",
      guard: guards.viewer,
      query: queryOf(leadExport),
      answers: {
        200: {
          description: "CSV file",
          type: "text/csv",
          example: `${Object.keys(leadColumns).join(",")}\n`,
        },
      },
      async handle({ ctx, query }) {
        requireRole(ctx, "viewer");
        const { format = "csv", ...filters } = query;
        return {
          ...ok(
            await writeSheet(
              format,
              leadColumns,
              allRows((page) => listLeads(ctx, { sort: "id", ...filters, ...page })),
            ),
          ),
          headers: {
            "content-type": contentTypes[format],
            "content-disposition": `attachment; filename="leads.${format}"`,
          },
        };
      },
    }),
  ];
}
