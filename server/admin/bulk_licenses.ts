// Calls that change many licenses.
import { z } from "zod";
import { getJob } from "../domain/jobs/job.ts";
import { extendLicenses } from "../domain/licenses/extend.ts";
import { extensionInput, licenseIds, manyLicenses, transferInput } from "../domain/licenses/inputs.ts";
import { requestLicenses } from "../domain/licenses/issue_many.ts";
import { renewLicenses } from "../domain/licenses/renew.ts";
import { deleteLicenses, restoreLicenses, setLicensesEnabled } from "../domain/licenses/manage.ts";
import { transferLicenses } from "../domain/licenses/transfer.ts";
import { accepted, type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { job } from "./jobs.ts";
import { done } from "./schemas.ts";
import { bodyOf, wire } from "./wire.ts";

const listed = z.strictObject({
  license_ids: z.array(z.int().min(1)).min(1).max(10_000).describe("Ids of the licenses"),
}).meta({ id: "LicenseIds", examples: [{ license_ids: [1, 2, 3] }] });

const counted = done.extend({ count: z.int().describe("Number of licenses changed") });

export function bulkLicenseEndpoints(guards: Guards): Endpoint[] {
  const common = { method: "post", tag: "Licenses", dialect: documentedForm, guard: guards.manager } as const;
  const bulkSetEnabled = (name: "activate" | "deactivate", isEnabled: boolean) =>
    endpoint({
      ...common,
      path: `/api/licenses/bulk-${name}`,
      operationId: isEnabled ? "bulkEnableLicenses" : "bulkDisableLicenses",
      summary: isEnabled ? "Enable licenses" : "Disable licenses",
      description: "Licenses that are in that state already or do not exist are skipped and not counted.",
      changes: true,
      body: listed,
      answers: {
        200: {
          description: isEnabled ? "Enabled" : "Disabled",
          schema: counted.meta({
            examples: [{ success: true, count: 3, message: `3 licenses ${name}d successfully` }],
          }),
        },
      },
      async handle({ ctx, body }) {
        const { length: count } = await setLicensesEnabled(ctx, {
          ids: body.license_ids,
          enabled: isEnabled,
        });
        return ok({ success: true, count, message: `${licenses(count)} ${name}d successfully` });
      },
    });
  return [
    bulkSetEnabled("activate", true),
    bulkSetEnabled("deactivate", false),
    endpoint({
      ...common,
      path: "/api/licenses/bulk-delete",
      operationId: "bulkDeleteLicenses",
      summary: "Delete licenses",
      description: "Deleted licenses are rejected immediately and can be restored for 30 days.",
      changes: true,
      body: listed,
      answers: {
        200: {
          description: "Deleted",
          schema: z.object({
            success: z.boolean().describe("Whether the action succeeded"),
            deleted: z.int().describe("Number of licenses deleted"),
            message: z.string().describe("Readable message"),
          }).meta({ examples: [{ success: true, deleted: 3, message: "3 licenses deleted successfully" }] }),
        },
      },
      async handle({ ctx, body }) {
        const { length: deleted } = await deleteLicenses(ctx, body.license_ids);
        return ok({ success: true, deleted, message: `${licenses(deleted)} deleted successfully` });
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/licenses/bulk-issue",
      operationId: "bulkIssueLicenses",
      summary: "Create licenses as a background job",
      description:
        "Up to 10,000. GET /api/admin/jobs/{id} returns the progress; the list of licenses accepts ?job_id=.",
      changes: true,
      body: bodyOf(manyLicenses),
      answers: { 202: { description: "The job", schema: job } },
      handle: async ({ ctx, body }) =>
        accepted(wire(await getJob(ctx, (await requestLicenses(ctx, body)).id))),
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/licenses/bulk-restore",
      operationId: "bulkRestoreLicenses",
      summary: "Restore licenses",
      changes: true,
      body: bodyOf(licenseIds),
      answers: {
        200: {
          description: "Restored",
          schema: z.object({
            success: z.boolean().describe("Whether the action succeeded"),
            restored: z.int().describe("Number of licenses restored"),
          }),
        },
      },
      handle: async ({ ctx, body }) =>
        ok({ success: true, restored: (await restoreLicenses(ctx, body.licenseIds)).length }),
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/licenses/bulk-extend",
      operationId: "bulkExtendLicenses",
      summary: "Extend licenses",
      description:
        "From the current expiration date or, if that is past, from today. Licenses that never expire are unchanged.",
      changes: true,
      body: bodyOf(extensionInput),
      answers: {
        200: {
          description: "Licenses extended",
          schema: z.object({
            success: z.boolean().describe("Whether the action succeeded"),
            extended: z.int().describe("Number of licenses extended"),
          }),
        },
      },
      handle: async ({ ctx, body }) =>
        ok({ success: true, extended: (await extendLicenses(ctx, body)).extended }),
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/licenses/bulk-renew",
      operationId: "bulkRenewLicenses",
      summary: "Renew licenses by their own duration",
      description:
        "Counted as each license's renewal_basis says; updates_until moves by the same period. The others are " +
        "unchanged, and the answer says why.",
      changes: true,
      body: bodyOf(licenseIds),
      answers: {
        200: {
          description: "Licenses renewed",
          schema: z.object({
            success: z.boolean().describe("Whether the action succeeded"),
            renewed: z.int().describe("Number of licenses renewed"),
            not_renewed: z.array(z.object({
              license_id: z.int().describe("The license's id"),
              reason: z.enum(["not_found", "not_started", "never_expires", "no_duration", "ends_no_later"])
                .describe(
                  "Why it was not renewed; ends_no_later: its renewals count from today, and it would end as before",
                ),
            })).describe("Licenses that were not renewed"),
          }).meta({
            examples: [{
              success: true,
              renewed: 2,
              not_renewed: [{ license_id: 3, reason: "never_expires" }],
            }],
          }),
        },
      },
      async handle({ ctx, body }) {
        const { renewed, notRenewed } = await renewLicenses(ctx, body);
        return ok({
          success: true,
          renewed,
          not_renewed: notRenewed.map(({ id, reason }) => ({ license_id: id, reason })),
        });
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/licenses/bulk-transfer",
      operationId: "bulkTransferLicenses",
      summary: "Transfer licenses to another customer",
      description:
        "With their devices and users. Licenses that the customer has already or that do not exist are skipped. " +
        "With from_customer_id, so are those that have moved to another customer since.",
      changes: true,
      body: bodyOf(transferInput),
      answers: {
        200: {
          description: "Licenses transferred",
          schema: z.object({
            success: z.boolean().describe("Whether the action succeeded"),
            transferred: z.int().describe("Number of licenses transferred"),
          }),
        },
      },
      handle: async ({ ctx, body }) =>
        ok({ success: true, transferred: (await transferLicenses(ctx, body)).transferred }),
    }),
  ];
}

function licenses(count: number): string {
  return count === 1 ? "1 license" : `${count} licenses`;
}
