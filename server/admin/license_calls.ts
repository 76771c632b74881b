// The documented calls about licenses: switching one, switching and deleting many, editing quickly, making a key.
import { z } from "zod";
import { quickChanges } from "../domain/licenses/inputs.ts";
import { generateUnusedKey } from "../domain/licenses/issue.ts";
import {
  deleteLicenses,
  setLicensesEnabled,
  toggleLicense,
  updateLicense,
} from "../domain/licenses/manage.ts";
import { endpoint, ok } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { documentedForm } from "../request/error_form.ts";
import { bodyOf, wireId } from "./wire.ts";

const done = z.object({
  success: z.boolean().describe("Whether it was done"),
  message: z.string().describe("What was done, for people"),
});

export const licenseId = z.object({ license_id: wireId.describe("The license's id") });

export function licenseCalls(guards: Guards) {
  const common = { method: "post", tag: "Licenses", dialect: documentedForm, guard: guards.manager } as const;
  const listed = z.strictObject({
    license_ids: z.array(z.int().min(1)).min(1).max(10_000).describe("The licenses' ids"),
  }).meta({ examples: [{ license_ids: [1, 2, 3] }] });
  const counted = done.extend({ count: z.int().describe("How many were not so before") });

  const bulkSwitch = (name: string, on: boolean) =>
    endpoint({
      ...common,
      path: `/api/licenses/bulk-${name}`,
      summary: `Switch many licenses ${on ? "on" : "off"}`,
      description: "Those that are so already, or do not exist, are left alone and not counted.",
      changes: true,
      body: listed,
      answers: {
        200: {
          description: "Switched",
          schema: counted.meta({
            examples: [{ success: true, count: 3, message: `3 licenses ${name}d successfully` }],
          }),
        },
      },
      async handle({ ctx, body }) {
        const { length: count } = await setLicensesEnabled(ctx, { ids: body.license_ids, enabled: on });
        return ok({ success: true, count, message: `${licenses(count)} ${name}d successfully` });
      },
    });

  return [
    endpoint({
      ...common,
      path: "/api/license/{license_id}/toggle",
      summary: "Switch a license on or off",
      changes: true,
      params: licenseId,
      answers: {
        200: {
          description: "Switched to what it was not",
          schema: z.object({
            success: z.boolean().describe("Whether it was done"),
            is_active: z.boolean().describe("Whether it is on"),
            message: z.string().describe("What happened, for people"),
          }).meta({
            examples: [{ success: true, is_active: true, message: "License activated successfully" }],
          }),
        },
      },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        const isOn = await toggleLicense(ctx, params.license_id);
        const message = `License ${isOn ? "activated" : "deactivated"} successfully`;
        return ok({ success: true, is_active: isOn, message });
      },
    }),

    bulkSwitch("activate", true),
    bulkSwitch("deactivate", false),

    endpoint({
      ...common,
      path: "/api/licenses/bulk-delete",
      summary: "Delete many licenses",
      description: "They are gone from lists and for apps at once, and can be restored for 30 days.",
      changes: true,
      body: listed,
      answers: {
        200: {
          description: "Deleted",
          schema: z.object({
            success: z.boolean().describe("Whether it was done"),
            deleted: z.int().describe("How many were there to be deleted"),
            message: z.string().describe("What happened, for people"),
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
      path: "/api/license/{license_id}/quick-edit",
      summary: "Change a license's end and limits",
      description:
        "Only the fields sent are changed. A limit below what is in use takes nobody's place away.",
      changes: true,
      params: licenseId,
      body: bodyOf(quickChanges).meta({
        examples: [{ valid_until: "2027-01-01", max_activations: 10, max_users: 50 }],
      }),
      answers: {
        200: {
          description: "Changed",
          schema: done.meta({ examples: [{ success: true, message: "License updated successfully" }] }),
        },
      },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params, body }) {
        await updateLicense(ctx, { id: params.license_id, changes: body });
        return ok({ success: true, message: "License updated successfully" });
      },
    }),

    endpoint({
      ...common,
      path: "/api/generate-license-key",
      summary: "Make a license key that no license has",
      description: "The key belongs to nothing until a license is issued under it.",
      changes: true,
      answers: {
        200: {
          description: "A new key",
          schema: z.object({ license_key: z.string().describe("The license key, as it was issued") }).meta({
            examples: [{ license_key: "NEW1-NEW2-NEW3-NEW4" }],
          }),
        },
      },
      async handle({ ctx }) {
        return ok({ license_key: await generateUnusedKey(ctx) });
      },
    }),
  ];
}

function licenses(count: number): string {
  return count === 1 ? "1 license" : `${count} licenses`;
}
