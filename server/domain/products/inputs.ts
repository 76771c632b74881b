// What administration may send about products, plans and releases.
import { z } from "zod";
import { address, code, day, id, line, prose, usageLimit } from "../input_fields.ts";
import { deleted, listInput } from "../list_inputs.ts";

export const newProduct = z.strictObject({
  code: code.describe("What programs call it"),
  name: line(255).describe("What people call it"),
});
export const productChanges = newProduct.partial();
export const productList = listInput(["id", "name"], { deleted });

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

const release = {
  releaseDate: day.describe("The day it was published"),
  downloadUrl: address.describe("Where to get it"),
  releaseNotes: prose(100_000).describe("What is new in it"),
  isMandatory: z.boolean().describe("Whether whoever runs an older one has to update"),
};
export const newRelease = z.strictObject({
  productId: id.describe("What was released"),
  version: line(64).describe("Its version, by Semantic Versioning 2.0.0"),
  ...release,
});
export const releaseChanges = z.strictObject(release).partial();
export const releaseList = listInput(["id", "date"], {
  deleted,
  productId: id.optional().describe("Of this product"),
});

export const offersAsk = z.strictObject({
  productId: id.describe("Of this product"),
  versions: z.array(z.string().max(255)).min(1).max(100).describe("The versions that apps run"),
});
