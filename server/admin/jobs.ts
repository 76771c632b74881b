// Background jobs that administrators requested.
import { z } from "zod";
import { jobList } from "../domain/jobs/inputs.ts";
import { cancelJob, getJob, listJobs } from "../domain/jobs/job.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { integer, nullableText, text, time } from "./schemas.ts";

export const job = z.object({
  id: integer.describe("Its id"),
  kind: text.describe("The kind"),
  state: z.enum(["waiting", "running", "done", "failed", "cancelled"]).describe("How it stands"),
  done: integer.describe("How far it is"),
  total: integer.nullable().describe("How many there are"),
  result: z.record(text, z.unknown()).nullable().describe("What came of it"),
  error: nullableText.describe("Why it failed"),
  administrator_name: nullableText.describe("Who asked for it"),
  requested_at: time,
  started_at: time.nullable().describe("When it began"),
  finished_at: time.nullable().describe("When it was over"),
}).meta({ id: "Job" });

export function jobEndpoints({ viewer, manager }: Guards): Endpoint[] {
  return [
    ...resourceEndpoints({
      name: { entity: "Job", label: "job" },
      path: "/api/admin/jobs",
      tag: "Jobs",
      reads: viewer,
      writes: manager,
      schema: job,
      list: { input: jobList, verb: listJobs },
      get: getJob,
      delete: cancelJob,
      deletion: "cancel",
    }),
  ];
}
