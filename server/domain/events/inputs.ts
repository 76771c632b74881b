// Input of the audit log: its filters.
import { z } from "zod";
import { id, instant, line } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";

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
