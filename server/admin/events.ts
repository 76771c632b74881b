// The audit log.
import { z } from "zod";
import { eventList } from "../domain/events/inputs.ts";
import { listEvents } from "../domain/events/timeline.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { integer, nullableText, text, time } from "./schemas.ts";

export const event = z.object({
  id: integer.describe("The event's id"),
  uid: text.describe("The event's id in webhooks"),
  type: text.describe("Event type"),
  occurred_at: time,
  actor_kind: text.describe("Kind of actor: administrator, api_key, user, system or anonymous"),
  actor_id: integer.nullable().describe("Id of the actor"),
  actor_name: nullableText.describe("Name of the actor"),
  request_id: nullableText.describe("Request id"),
  subject_kind: text.describe("Type of the object"),
  subject_id: integer.describe("Id of the object"),
  license_id: integer.nullable().describe("The license's id"),
  customer_id: integer.nullable().describe("The customer's id"),
  activation_id: integer.nullable().describe("The activation's id"),
  license_key: nullableText.describe("The license key, as it was issued"),
  customer_name: nullableText.describe("The customer's name"),
  machine_name: nullableText.describe("The device's name"),
  before: z.record(text, z.unknown()).nullable().describe("Previous values"),
  after: z.record(text, z.unknown()).nullable().describe("New values"),
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
        Time: (row) => row.occurredAt,
        Event: (row) => row.type,
        Actor: (row) => row.actorName ?? row.actorKind,
        Object: (row) => `${row.subjectKind} ${row.subjectId}`,
        Before: (row) => row.before && JSON.stringify(row.before),
        After: (row) => row.after && JSON.stringify(row.after),
        "Request ID": (row) => row.requestId,
      },
    }),
  ];
}
