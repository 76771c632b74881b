// Input of plans: creating, updating and listing them.
import { z } from "zod";
import { code, id, line, period, usageLimit } from "../input_fields.ts";
import { deleted, listInput } from "../list_inputs.ts";

const plan = {
  code: code.describe("Code, the identifier used in the API"),
  name: line(255).describe("Display name"),
  licenseType: z.enum(["perpetual", "subscription", "trial"]).describe("License type"),
  duration: period.nullable().describe("Duration of a license in days, months or years; null: never expires"),
  maxActivations: usageLimit.describe("Activation limit of a license"),
  maxUsers: usageLimit.describe("Concurrent users of a license"),
  features: z.array(code).max(100).describe("Feature codes that apps check"),
};

export const newPlan = z.strictObject({ productId: id.describe("The product"), ...plan });

export const planChanges = z.strictObject(plan).partial();

export const planList = listInput(["id", "name"], {
  deleted,
  productId: id.optional().describe("Plans of this product only"),
});
