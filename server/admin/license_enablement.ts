// Disabling and enabling licenses with a reason, now or at a time, one or many.
import { z } from "zod";
import { disabledWhen, disabling, enabledWhen, enabling, licenseIds } from "../domain/licenses/inputs.ts";
import { getExistingLicense, getLicenseById } from "../domain/licenses/list.ts";
import {
  cancelScheduledChanges,
  changeLicenseEnabled,
  disableLicenses,
  enableLicenses,
} from "../domain/licenses/scheduled_changes.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { license } from "./licenses.ts";
import { oneId } from "./schemas.ts";
import { bodyOf, wire } from "./wire.ts";

const at = "2027-01-31T18:00:00Z";

export function licenseEnablementEndpoints(guards: Guards): Endpoint[] {
  const common = {
    method: "post",
    tag: "Licenses",
    dialect: documentedForm,
    guard: guards.manager,
    changes: true,
  } as const;
  const counted = (description: string) => ({
    200: {
      description,
      schema: z.object({
        success: z.boolean().describe("Whether the action succeeded"),
        count: z.int().describe("Number of licenses changed, or whose schedule changed"),
      }).meta({ examples: [{ success: true, count: 3 }] }),
    },
  });
  return [
    endpoint({
      ...common,
      path: "/api/admin/licenses/{id}/disable",
      operationId: "disableLicense",
      summary: "Disable a license, now or at a time",
      description: "With a reason that only administrators see. Without `at` it is rejected immediately.",
      params: oneId,
      body: bodyOf(disabledWhen).meta({ examples: [{ reason: "Chargeback of invoice 2027-114", at }] }),
      answers: { 200: { description: "Disabled, or scheduled", schema: license } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params, body }) {
        await changeLicenseEnabled(ctx, { id: params.id, enabled: false, ...body });
        return ok(wire(await getLicenseById(ctx, params.id)));
      },
    }),
    endpoint({
      ...common,
      path: "/api/admin/licenses/{id}/enable",
      operationId: "enableLicense",
      summary: "Enable a license, now or at a time",
      params: oneId,
      body: bodyOf(enabledWhen).meta({ examples: [{ at }] }),
      answers: { 200: { description: "Enabled, or scheduled", schema: license } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params, body }) {
        await changeLicenseEnabled(ctx, { id: params.id, enabled: true, ...body });
        return ok(wire(await getLicenseById(ctx, params.id)));
      },
    }),
    endpoint({
      ...common,
      path: "/api/admin/licenses/{id}/cancel-scheduled",
      operationId: "cancelScheduledLicenseChange",
      summary: "Cancel what is scheduled for a license",
      params: oneId,
      answers: { 200: { description: "The license, for which nothing is scheduled now", schema: license } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        await getExistingLicense(ctx, params.id);
        await cancelScheduledChanges(ctx, [params.id]);
        return ok(wire(await getLicenseById(ctx, params.id)));
      },
    }),
    endpoint({
      ...common,
      path: "/api/admin/licenses/bulk-disable",
      operationId: "bulkDisableLicensesAt",
      summary: "Disable licenses with a reason, now or at a time",
      description: "Licenses that are disabled already or do not exist are skipped and not counted.",
      body: bodyOf(disabling),
      answers: counted("Disabled, or scheduled"),
      handle: async ({ ctx, body }) =>
        ok({ success: true, count: (await disableLicenses(ctx, body)).length }),
    }),
    endpoint({
      ...common,
      path: "/api/admin/licenses/bulk-enable",
      operationId: "bulkEnableLicensesAt",
      summary: "Enable licenses, now or at a time",
      description: "Licenses that are enabled already or do not exist are skipped and not counted.",
      body: bodyOf(enabling),
      answers: counted("Enabled, or scheduled"),
      handle: async ({ ctx, body }) => ok({ success: true, count: (await enableLicenses(ctx, body)).length }),
    }),
    endpoint({
      ...common,
      path: "/api/admin/licenses/bulk-cancel-scheduled",
      operationId: "bulkCancelScheduledLicenseChanges",
      summary: "Cancel what is scheduled for licenses",
      body: bodyOf(licenseIds),
      answers: counted("Cancelled"),
      handle: async ({ ctx, body }) =>
        ok({ success: true, count: (await cancelScheduledChanges(ctx, body.licenseIds)).length }),
    }),
  ];
}
