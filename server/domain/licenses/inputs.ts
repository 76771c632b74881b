// Input of licenses: issuing, editing, extending, previewing and listing them.
import { z } from "zod";
import { code, day, id, ids, instant, notes, optionalLine, period, tags } from "../input_fields.ts";
import { deleted, listInput, tag, timeRange } from "../list_inputs.ts";
import { metadata, metadataFilter } from "../metadata.ts";
import { optionalTerms } from "../policy/inputs.ts";
import { licenseStates } from "../policy/terms.ts";
import { meterLevels } from "../usage/inputs.ts";
import { cleanKey, MAX_PASTED_LENGTH } from "./pasted_key.ts";

const type = z.enum(["perpetual", "subscription", "trial"]).describe("License type");

/** An imported key, as it was pasted. */
const importedKey = z.string().max(MAX_PASTED_LENGTH).transform(cleanKey).pipe(z.string().min(6).max(255));

const terms = {
  type: type.optional(),
  validFrom: day.optional().describe("First valid day, inclusive; default today"),
  validUntil: day.nullable().optional().describe("Last valid day, inclusive; null: never expires"),
  updatesUntil: day.nullable().optional().describe(
    "Last day whose releases are included; null: as long as the license is valid",
  ),
  ...optionalTerms,
};

export const newLicense = z.strictObject({
  customerId: id.describe("The customer"),
  productId: id.describe("The product"),
  planId: id.nullable().optional().describe("The plan; default for terms that are not given"),
  key: importedKey.optional().describe("Imported key; by default a key is generated"),
  ...terms,
  notes: notes.optional(),
  tags: tags.optional(),
  metadata: metadata.optional(),
});

export const manyLicenses = newLicense.omit({ key: true }).extend({
  count: z.int().min(1).max(10_000).describe("Number of licenses"),
});

export const licenseChanges = z.strictObject({
  customerId: id.optional().describe("The new customer"),
  planId: id.nullable().optional().describe("The plan, which determines the features"),
  ...terms,
  notes: notes.optional(),
  tags: tags.optional(),
  metadata: metadata.optional(),
});

/** What the documented quick-edit takes. */
export const quickChanges = licenseChanges.pick({ validUntil: true, maxActivations: true, maxUsers: true });

export const licenseIds = z.strictObject({ licenseIds: ids.describe("The licenses") });

const reason = optionalLine(500).optional().describe("Why, for administrators only");

/** When a license is to be enabled. */
export const enabledWhen = z.strictObject({
  at: instant.optional().describe("When; by default now"),
});

/** Why and when a license is to be disabled. */
export const disabledWhen = enabledWhen.extend({ reason });

export const enabling = licenseIds.extend(enabledWhen.shape);
export const disabling = licenseIds.extend(disabledWhen.shape);

const by = period.describe("Duration, such as P1Y");

export const extensionInput = z.strictObject({ licenseIds: ids.describe("The licenses"), by });

/** The result of an extension or renewal. */
export const extensionUndo = z.strictObject({
  ends: z.array(z.strictObject({
    id: id.describe("The license"),
    was: day.nullable().describe("Last valid day before the extension; null: never expires"),
    is: day.nullable().describe("Last valid day after the extension; licenses with another one are skipped"),
    anchorDay: z.int().min(29).max(31).optional().describe("Day of the month on which its periods begin"),
    updatesWere: day.optional().describe("Last day of its updates before, when that was moved"),
    updatesAre: day.optional().describe(
      "Last day of its updates after; licenses with another one are skipped",
    ),
    periodsWereFrom: day.nullable().optional().describe(
      "The day from which meters counted its periods before, when that was moved; null: its first",
    ),
    periodsAreFrom: day.optional().describe(
      "That day after; licenses with another one are skipped",
    ),
  })).min(1).max(10_000).describe("The extensions to undo"),
});

const fromCustomerId = id.optional().describe(
  "The customer who was seen to have them; licenses that another one has by now are skipped",
);

export const transferInput = z.strictObject({
  licenseIds: ids.describe("The licenses"),
  customerId: id.describe("The customer that gets them"),
  fromCustomerId,
});

/** The result of a transfer. */
export const transferUndo = z.strictObject({
  customers: z.array(z.strictObject({
    id: id.describe("The license"),
    was: id.describe("Its customer before the transfer"),
    is: id.describe("Its customer after the transfer; licenses with another one are skipped"),
  })).min(1).max(10_000).describe("The transfers to undo"),
});

export const licensePreview = z.strictObject({
  licenseIds: ids.describe("The licenses"),
  action: z.enum(["enable", "disable", "delete", "restore", "extend", "renew", "transfer"]).describe(
    "The change to preview",
  ),
  by: by.optional(),
  customerId: id.optional().describe("The customer of a transfer"),
  fromCustomerId,
  ...disabledWhen.shape,
}).refine(({ action, by }) => (action === "extend") === (by !== undefined), {
  path: ["by"],
  message: "goes with extend, and only with it",
}).refine(({ action, customerId }) => (action === "transfer") === (customerId !== undefined), {
  path: ["customerId"],
  message: "goes with transfer, and only with it",
}).refine(({ action, at }) => at === undefined || action === "enable" || action === "disable", {
  path: ["at"],
  message: "goes with enable and disable only",
}).refine(({ action, reason }) => !reason || action === "disable", {
  path: ["reason"],
  message: "goes with disable only",
});

export const licenseList = listInput(["id", "validUntil", "key", "updatedAt"], {
  deleted,
  customerId: id.optional().describe("Of this customer only"),
  userId: id.optional().describe("Licenses of this user only"),
  productId: id.optional().describe("Of this product only"),
  planId: id.optional().describe("Licenses of this plan only"),
  type: type.optional(),
  state: z.enum(licenseStates).optional().describe(
    "Licenses in this state only",
  ),
  overLimit: z.boolean().optional().describe(
    "True lists licenses with more devices than their activation limit; false the others",
  ),
  usage: z.enum(meterLevels).optional().describe(
    "Licenses with a meter that is used in its current period to 80 percent of its limit or more, to all of it or more, or beyond it",
  ),
  endsFrom: day.optional().describe("Licenses that expire on this day or later"),
  endsBy: day.optional().describe("Licenses that expire on this day or earlier"),
  tag,
  metadata: metadataFilter,
  customerMetadata: metadataFilter.describe("Licenses of customers with this metadata only: key:value"),
  planMetadata: metadataFilter.describe("Licenses of plans with this metadata only: key:value"),
  entitlement: code.optional().describe("Licenses with this entitlement only"),
  ...timeRange("created", "Created"),
  jobId: id.optional().describe("Licenses created by this job only"),
});

/** The filters of the list alone. */
export const licenseFilters = licenseList.omit({ sort: true, cursor: true, limit: true });
