// Licenses: list, export, issue, edit, delete and restore.
import { z } from "zod";
import { licenseColumns } from "../domain/licenses/columns.ts";
import { licenseChanges, licenseList, newLicense } from "../domain/licenses/inputs.ts";
import { issueLicense } from "../domain/licenses/issue.ts";
import { getLicenseById, listLicenses } from "../domain/licenses/list.ts";
import { deleteLicense, restoreLicense, updateLicense } from "../domain/licenses/manage.ts";
import { licenseStates } from "../domain/policy/terms.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import {
  day,
  deletionTimes,
  integer,
  licenseType,
  metadataField,
  nullableText,
  revisionField,
  tagged,
  text,
  time,
} from "./schemas.ts";
import { termFields } from "./terms.ts";

export const license = z.object({
  id: integer.describe("The license's id"),
  key: text.describe("The license key"),
  product_id: integer.describe("The product's id"),
  product_name: text.describe("The product's name"),
  product_code: text.describe("The product's code"),
  customer_id: integer.describe("The customer's id"),
  customer_name: text.describe("The customer's name"),
  customer_email: nullableText.describe("The customer's email address"),
  user_id: integer.nullable().describe("The user's id"),
  user_email: nullableText.describe("The user's email address"),
  plan_id: integer.nullable().describe("The plan's id"),
  plan_name: nullableText.describe("The plan's name"),
  plan_code: nullableText.describe("The plan's code"),
  type: licenseType.describe("License type"),
  state: z.enum(licenseStates).describe("Current state"),
  is_active: z.boolean().describe("Whether it is enabled"),
  disabled_reason: nullableText.describe("Why it was disabled; for administrators only"),
  disable_at: time.nullable().describe("When it will be disabled"),
  disable_reason: nullableText.describe("The reason with which it will be disabled"),
  enable_at: time.nullable().describe("When it will be enabled"),
  valid_from: day,
  valid_until: day.nullable().describe("Last valid day, inclusive; null: never expires"),
  grace_ends: day.nullable().describe("Last day of the grace period, inclusive; null: none"),
  updates_until: day.nullable().describe(
    "Last day whose releases are included; null: as long as the license is valid",
  ),
  ...termFields,
  starts_with: z.enum(["first_activation", "first_validation", "first_sign_in"]).nullable().describe(
    "With what its first period begins, which has no last day yet",
  ),
  activations_in_use: integer.describe("Activations in use"),
  ...tagged,
  ...metadataField,
  ...deletionTimes,
  updated_at: time,
  ...revisionField,
}).meta({ id: "License" });

export function licenseEndpoints({ viewer, manager }: Guards): Endpoint[] {
  return [
    ...resourceEndpoints({
      name: { entity: "License", label: "license" },
      path: "/api/admin/licenses",
      tag: "Licenses",
      reads: viewer,
      writes: manager,
      schema: license,
      list: { input: licenseList, verb: listLicenses },
      columns: licenseColumns,
      get: getLicenseById,
      create: {
        input: newLicense,
        verb: async (ctx, input) => getLicenseById(ctx, (await issueLicense(ctx, input)).id),
      },
      update: {
        input: licenseChanges,
        verb: async (ctx, input) => getLicenseById(ctx, (await updateLicense(ctx, input)).id),
      },
      delete: deleteLicense,
      restore: restoreLicense,
      errors: ["INVALID_LICENSE", "TRIAL_ALREADY_USED"],
    }),
  ];
}
