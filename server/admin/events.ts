// The audit log.
import { z } from "zod";
import { eventList } from "../domain/events/inputs.ts";
import { listEvents } from "../domain/events/timeline.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { integer, nullableText, text, time } from "./schemas.ts";

export const event = z.object({
  id: integer.describe("Its id"),
  uid: text.describe("The id of the event in webhooks"),
  type: text.describe("The kind"),
  occurred_at: time,
  actor_kind: text.describe("Who did it: administrator, api_key, user, system or anonymous"),
  actor_id: integer.nullable().describe("Their id"),
  actor_name: nullableText.describe("Their name"),
  request_id: nullableText.describe("The request that caused it, as in the server's log"),
  subject_kind: text.describe("What kind of thing it happened to"),
  subject_id: integer.describe("The id of that thing"),
  license_id: integer.nullable().describe("The license's id"),
  customer_id: integer.nullable().describe("The customer's id"),
  activation_id: integer.nullable().describe("The machine's id"),
  license_key: nullableText.describe("The license key, as it was issued"),
  customer_name: nullableText.describe("The customer's name"),
  machine_name: nullableText.describe("The machine's name"),
  before: z.record(text, z.unknown()).nullable().describe("How it stood before"),
  after: z.record(text, z.unknown()).nullable().describe("How it stands since"),
}).meta({ id: "Event" });

export function eventEndpoints({ viewer, manager }: Guards): Endpoint[] {
  return [
    ...resourceEndpoints({
      name: { entity: "Event", label: "event" },
      path: "/api/admin/events",
      tag: "Events",
      reads: viewer,
      writes: manager,
      schema: event,
      list: { input: eventList, verb: listEvents },
      columns: {
        Id: (row) => row.id,
        When: (row) => row.occurredAt,
        What: (row) => row.type,
        Who: (row) => row.actorName ?? row.actorKind,
        Subject: (row) => `${row.subjectKind} ${row.subjectId}`,
        Before: (row) => row.before && JSON.stringify(row.before),
        After: (row) => row.after && JSON.stringify(row.after),
        Request: (row) => row.requestId,
      },
    }),
  ];
}
