// Input of releases: creating, editing and listing them, and the preview of update checks.
import { z } from "zod";
import { address, day, id, line, multilineText } from "../input_fields.ts";
import { deleted, listInput } from "../list_inputs.ts";

const release = {
  channel: z.enum(["stable", "beta", "alpha"]).describe(
    "Which apps are offered it: all (stable), those that run a beta or an alpha (beta), those that run an alpha",
  ),
  releaseDate: day.describe("Publication date; apps are offered the release from this day on, in UTC"),
  downloadUrl: address.describe("Download URL"),
  releaseNotes: multilineText(100_000).describe("Release notes"),
  isMandatory: z.boolean().describe("Whether older versions must update"),
};

export const newRelease = z.strictObject({
  productId: id.describe("The product"),
  version: line(64).describe(
    "Version: by Semantic Versioning 2.0.0, or with four numbers, or a date such as 2026.11.3",
  ),
  ...release,
  channel: release.channel.optional().describe("Channel; by default that of the version"),
});

export const releaseChanges = z.strictObject(release).partial();

export const releaseList = listInput(["id", "date"], {
  deleted,
  productId: id.optional().describe("Of this product only"),
});

export const updatePreviewQuery = z.strictObject({
  productId: id.describe("Of this product only"),
  versions: z.array(z.string().max(255)).min(1).max(100).describe("App versions"),
});
