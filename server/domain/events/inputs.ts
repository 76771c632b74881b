// Input of the audit log: its filters.
import { z } from "zod";
import { id, instant, line } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";

export const eventList = listInput(["id"], {
  type: z.string().max(100).optional().describe(
    'Events of this type only; a prefix such as "license." selects all of them',
  ),
  subjectKind: z.string().max(50).optional().describe("Type of the object"),
  subjectId: id.optional().describe("Id of the object"),
  licenseId: id.optional().describe("Events of this license only"),
  customerId: id.optional().describe("Events of this customer only"),
  actorKind: z.enum(["administrator", "api_key", "user", "system", "anonymous"]).optional().describe(
    "Kind of actor",
  ),
  actorId: id.optional().describe("Id of the actor"),
  requestId: line(64).optional().describe("Request id"),
  since: instant.optional().describe("Start of the period"),
  until: instant.optional().describe("End of the period, exclusive"),
});
