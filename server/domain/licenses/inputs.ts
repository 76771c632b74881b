// Input of licenses: issuing, editing, extending, previewing and listing them.
import { z } from "zod";
import { day, id, ids, line, usageLimit } from "../input_fields.ts";
import { deleted, listInput } from "../list_inputs.ts";

const type = z.enum(["perpetual", "subscription", "trial"]).describe("How it is sold");

const terms = {
  type: type.optional(),
  validFrom: day.optional().describe("The first day, inside; today when not given"),
  validUntil: day.nullable().optional().describe("The last day, inside; null never expires"),
  maxActivations: usageLimit.optional().describe("On how many machines it may be activated"),
  maxUsers: usageLimit.optional().describe("Concurrent users"),
};

export const newLicense = z.strictObject({
  customerId: id.describe("Who bought it"),
  productId: id.describe("What was bought"),
  planId: id.nullable().optional().describe("The plan that gives every term not given here"),
  key: line(255).min(6).optional().describe("An imported key; without it a key is generated"),
  ...terms,
});

export const manyLicenses = newLicense.omit({ key: true }).extend({
  count: z.int().min(1).max(10_000).describe("How many"),
});

export const licenseChanges = z.strictObject({
  customerId: id.optional().describe("Who has it from now on"),
  planId: id.nullable().optional().describe("The plan whose features it has"),
  ...terms,
});

/** What the documented quick-edit takes. */
export const quickChanges = licenseChanges.pick({ validUntil: true, maxActivations: true, maxUsers: true });

export const licenseIds = z.strictObject({ licenseIds: ids.describe("The licenses") });

const by = z.string().regex(/^P[1-9]\d{0,3}[DMY]$/, "must be a duration such as P1M").describe(
  "How much longer, P1Y",
);

export const extensionInput = z.strictObject({ licenseIds: ids.describe("The licenses"), by });

/** The result of an extension. */
export const extensionUndo = z.strictObject({
  ends: z.array(z.strictObject({
    id: id.describe("The license"),
    was: day.nullable().describe("Its last day before; null never expires"),
    is: day.nullable().describe("Its last day since; a license with another last day is skipped"),
  })).min(1).max(10_000).describe("The extensions to undo"),
});

export const licensePreview = z.strictObject({
  licenseIds: ids.describe("The licenses"),
  action: z.enum(["enable", "disable", "delete", "restore", "extend"]).describe("The change to preview"),
  by: by.optional(),
}).refine(({ action, by }) => (action === "extend") === (by !== undefined), {
  path: ["by"],
  message: "goes with extend, and only with it",
});

export const licenseList = listInput(["id", "validUntil", "key", "updatedAt"], {
  deleted,
  customerId: id.optional().describe("Of this customer"),
  userId: id.optional().describe("Belonging to this user account"),
  productId: id.optional().describe("Of this product"),
  planId: id.optional().describe("Under this plan"),
  type: type.optional(),
  state: z.enum(["active", "inactive", "not_yet_valid", "expired"]).optional().describe(
    "In this state today",
  ),
  endsBy: day.optional().describe("Expiring on this day or earlier"),
  jobId: id.optional().describe("Made by this job"),
});

/** The filters of the list alone. */
export const licenseFilters = licenseList.omit({ sort: true, cursor: true, limit: true });
