// The documented calls about one license, and its assignment to a user.
import { z } from "zod";
import { assignment } from "../domain/accounts/inputs.ts";
import { assignLicense } from "../domain/licenses/assign.ts";
import { quickChanges } from "../domain/licenses/inputs.ts";
import { generateUnusedKey } from "../domain/licenses/issue.ts";
import { revisionOfLicense } from "../domain/licenses/license.ts";
import { getLicenseById } from "../domain/licenses/list.ts";
import { toggleLicense, updateLicense } from "../domain/licenses/manage.ts";
import { renewLicense } from "../domain/licenses/renew.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { withTagOf } from "../request/preconditions.ts";
import { license } from "./licenses.ts";
import { done, licenseId, oneId } from "./schemas.ts";
import { bodyOf, wire } from "./wire.ts";

export function licenseActionEndpoints(guards: Guards): Endpoint[] {
  const common = { method: "post", tag: "Licenses", dialect: documentedForm, guard: guards.manager } as const;
  return [
    endpoint({
      ...common,
      path: "/api/license/{license_id}/toggle",
      operationId: "toggleLicense",
      summary: "Enable or disable a license",
      changes: true,
      params: licenseId,
      answers: {
        200: {
          description: "License enabled or disabled",
          schema: z.object({
            success: z.boolean().describe("Whether the action succeeded"),
            is_active: z.boolean().describe("Whether it is enabled"),
            message: z.string().describe("Readable message"),
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

    endpoint({
      ...common,
      path: "/api/license/{license_id}/quick-edit",
      operationId: "quickEditLicense",
      summary: "Edit a license's expiration and limits",
      description:
        "Only the fields sent are changed. A limit below the activations in use keeps them and blocks new ones.",
      changes: true,
      params: licenseId,
      hasRevision: true,
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
      async handle({ ctx, params, body, revision }) {
        const license = await updateLicense(ctx, { id: params.license_id, changes: body, revision });
        return withTagOf(
          ok({ success: true, message: "License updated successfully" }),
          revisionOfLicense(license),
        );
      },
    }),

    endpoint({
      ...common,
      path: "/api/generate-license-key",
      operationId: "generateLicenseKey",
      summary: "Generate an unused license key",
      description: "The key is not stored until a license is issued with it.",
      changes: true,
      answers: {
        200: {
          description: "A generated key",
          schema: z.object({ license_key: z.string().describe("The license key, as it was issued") }).meta({
            examples: [{ license_key: "NEW1-NEW2-NEW3-NEW4" }],
          }),
        },
      },
      async handle({ ctx }) {
        return ok({ license_key: await generateUnusedKey(ctx) });
      },
    }),

    endpoint({
      ...common,
      path: "/api/admin/licenses/{id}/renew",
      operationId: "renewLicense",
      summary: "Renew a license by its own duration",
      description:
        "Counted as its renewal_basis says; updates_until moves by the same period. A license that never expires, " +
        "has no duration or would not end later is refused with 409 and the reason.",
      changes: true,
      params: oneId,
      answers: { 200: { description: "Renewed", schema: license } },
      errors: ["NOT_FOUND", "CONFLICT"],
      async handle({ ctx, params }) {
        await renewLicense(ctx, params.id);
        return ok(wire(await getLicenseById(ctx, params.id)));
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/licenses/{id}/assign",
      operationId: "assignLicense",
      summary: "Assign or unassign a license",
      guard: guards.manager,
      changes: true,
      params: oneId,
      hasRevision: true,
      body: bodyOf(assignment),
      answers: { 200: { description: "Assigned", schema: license } },
      errors: ["NOT_FOUND", "TRIAL_ALREADY_USED"],
      async handle({ ctx, params, body, revision }) {
        await assignLicense(ctx, { id: params.id, userId: body.userId, revision });
        return ok(wire(await getLicenseById(ctx, params.id)));
      },
    }),
  ];
}
