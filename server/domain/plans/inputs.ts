// Input of plans: creating, updating and listing them.
import { z } from "zod";
import { code, id, line } from "../input_fields.ts";
import { deleted, listInput } from "../list_inputs.ts";
import { metadata } from "../metadata.ts";
import { givenTerms, optionalTerms, terms } from "../policy/inputs.ts";

const plan = {
  code: code.describe("Code, the identifier used in the API"),
  name: line(255).describe("Display name"),
  licenseType: z.enum(["perpetual", "subscription", "trial"]).describe("License type"),
  features: z.array(code).max(100).describe("Feature codes that apps check"),
};

const { duration, maxActivations, maxUsers } = givenTerms;

export const newPlan = z.strictObject({
  productId: id.describe("The product"),
  ...plan,
  metadata: metadata.optional(),
  ...terms.shape,
  // What every offer states.
  duration,
  maxActivations,
  maxUsers,
});

export const planChanges = z.strictObject({
  ...z.strictObject(plan).partial().shape,
  metadata: metadata.optional(),
  ...optionalTerms,
});

export const planList = listInput(["id", "name"], {
  deleted,
  productId: id.optional().describe("Plans of this product only"),
});
