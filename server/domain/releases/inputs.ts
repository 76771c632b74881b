// Input of releases: creating, editing and listing them, and the preview of update checks.
import { z } from "zod";
import { address, day, id, line, multilineText } from "../input_fields.ts";
import { deleted, listInput } from "../list_inputs.ts";

const release = {
  releaseDate: day.describe("The day it was published"),
  downloadUrl: address.describe("Where to get it"),
  releaseNotes: multilineText(100_000).describe("What is new in it"),
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

export const updatePreviewQuery = z.strictObject({
  productId: id.describe("Of this product"),
  versions: z.array(z.string().max(255)).min(1).max(100).describe("The versions that apps run"),
});
