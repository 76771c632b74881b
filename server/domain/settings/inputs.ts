// What administration may send about API keys, settings and the record of events, and to the search.
import { z } from "zod";
import { id, instant, line } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";

export const newApiKey = z.strictObject({
  name: line(255).describe("What the key is for"),
  productId: id.nullable().optional().describe("The product it is bound to; null for all"),
});

export const apiKeyList = listInput(["id"], {
  revoked: z.boolean().optional().describe("True lists revoked keys instead"),
});

export const eventList = listInput(["id"], {
  type: z.string().max(100).optional().describe('Of this type; "license." for all of a kind'),
  subjectKind: z.string().max(50).optional().describe("About things of this kind"),
  subjectId: id.optional().describe("About this thing"),
  licenseId: id.optional().describe("On this license's timeline"),
  customerId: id.optional().describe("On this customer's timeline"),
  actorKind: z.enum(["administrator", "api_key", "user", "system", "anonymous"]).optional().describe(
    "Done by such",
  ),
  actorId: id.optional().describe("Done by this one"),
  requestId: line(64).optional().describe("Caused by this request"),
  since: instant.optional().describe("From this instant on"),
  until: instant.optional().describe("Before this instant"),
});

export const settingChange = z.strictObject({
  name: z.string().max(100).describe("Which setting"),
  value: z.unknown().describe("Its new value"),
});

export const search = z.strictObject({
  q: z.string().max(200),
  type: z.enum(["customer", "license", "device", "lead"]).optional(),
  limit: z.int().min(1).max(100).optional(),
});

export const jobList = listInput(["id"], {
  state: z.enum(["waiting", "running", "done", "failed", "cancelled"]).optional().describe("In this state"),
  kind: z.enum(["import_leads", "issue_licenses"]).optional().describe("Of this kind"),
});
