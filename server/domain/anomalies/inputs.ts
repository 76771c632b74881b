// Input of anomalies: filters of the lists, and the note of a resolution.
import { z } from "zod";
import { id, multilineText } from "../input_fields.ts";
import { listInput, timeRange } from "../list_inputs.ts";

const before = id.optional().describe("Cursor: `next` of the previous page");

const anomalyKind = z.enum([
  "unusual_activation_pattern",
  "excessive_heartbeats",
  "license_hopping",
  "license_cloned",
]);

export const anomalyList = listInput(["id"], {
  kind: anomalyKind.optional().describe("Anomalies of this kind only"),
  severity: z.enum(["warning", "critical"]).optional().describe("Anomalies of this severity only"),
  unresolved: z.boolean().optional().describe("True lists unresolved ones, false resolved ones"),
  licenseId: id.optional().describe("About this license"),
  ...timeRange("found", "Detected"),
});

/** The filters of the documented REST call. */
export const anomalyPage = z.strictObject({
  kind: anomalyKind.optional().describe("Anomalies of this kind only"),
  unresolved: z.boolean().optional().describe("Only unresolved ones"),
  licenseId: id.optional().describe("About this license"),
  before,
});

export const resolution = z.strictObject({
  note: multilineText(2000).describe("Resolution note"),
});
