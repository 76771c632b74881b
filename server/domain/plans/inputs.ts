// Input of plans: creating, editing and listing them.
import { z } from "zod";
import { code, id, line, usageLimit } from "../input_fields.ts";
import { deleted, listInput } from "../list_inputs.ts";

const plan = {
  code: code.describe("What programs call it"),
  name: line(255).describe("What people call it"),
  licenseType: z.enum(["perpetual", "subscription", "trial"]).describe("How it is sold"),
  duration: z.string().regex(/^P[1-9]\d{0,3}[DMY]$/, "must be a duration such as P7D, P1M or P1Y").nullable()
    .describe("How long a license lasts, in whole days, months or years; null is for ever"),
  maxActivations: usageLimit.describe("On how many machines a license may be activated"),
  maxUsers: usageLimit.describe("How many copies may run at once"),
  features: z.array(code).max(100).describe("What apps may offer under this plan"),
};

export const newPlan = z.strictObject({ productId: id.describe("Whose plan it is"), ...plan });

export const planChanges = z.strictObject(plan).partial();

export const planList = listInput(["id", "name"], {
  deleted,
  productId: id.optional().describe("Of this product"),
});
