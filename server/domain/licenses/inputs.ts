// What administration may send about licenses and the machines they run on.
import { z } from "zod";
import { day, id, ids, line, usageLimit } from "../input_fields.ts";
import { deleted, listInput } from "../list_inputs.ts";

const type = z.enum(["perpetual", "subscription", "trial"]).describe("How it is sold");

const terms = {
  type: type.optional(),
  validFrom: day.optional().describe("The first day, inside; today when not given"),
  validUntil: day.nullable().optional().describe("The last day, inside; null is no end"),
  maxActivations: usageLimit.optional().describe("On how many machines it may be activated"),
  maxUsers: usageLimit.optional().describe("How many copies may run at once"),
};

export const newLicense = z.strictObject({
  customerId: id.describe("Who bought it"),
  productId: id.describe("What was bought"),
  planId: id.nullable().optional().describe("The plan that gives every term not given here"),
  key: line(255).min(6).optional().describe("A key brought from elsewhere; without it a new one is made"),
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

export const extension = z.strictObject({ licenseIds: ids.describe("The licenses"), by });

/** As extending answered. */
export const undoneExtension = z.strictObject({
  ends: z.array(z.strictObject({
    id: id.describe("The license"),
    was: day.nullable().describe("Its last day before; null is no end"),
    is: day.nullable().describe("Its last day since; a license that ends elsewhere by now is left alone"),
  })).min(1).max(10_000).describe("What is put back"),
});

export const licensePreview = z.strictObject({
  licenseIds: ids.describe("The licenses"),
  action: z.enum(["switch_on", "switch_off", "delete", "restore", "extend"]).describe("What would be done"),
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
  endsBy: day.optional().describe("Ending on this day or earlier"),
  jobId: id.optional().describe("Made by this job"),
});

/** The filters of the list alone. */
export const licenseFilters = licenseList.omit({ sort: true, cursor: true, limit: true });
