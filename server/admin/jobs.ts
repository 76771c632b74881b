// Background jobs that administrators requested.
import { z } from "zod";
import { jobList } from "../domain/jobs/inputs.ts";
import { cancelJob, getJob, listJobs } from "../domain/jobs/job.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { integer, nullableText, text, time } from "./schemas.ts";

export const job = z.object({
  id: integer.describe("The job's id"),
  kind: text.describe("Kind of job"),
  state: z.enum(["waiting", "running", "done", "failed", "cancelled"]).describe("State"),
  done: integer.describe("Progress"),
  total: integer.nullable().describe("Number of items"),
  result: z.record(text, z.unknown()).nullable().describe("Result"),
  error: nullableText.describe("Error message"),
  administrator_name: nullableText.describe("Name of the administrator who requested it"),
  requested_at: time,
  started_at: time.nullable().describe("Start time"),
  finished_at: time.nullable().describe("Time it finished"),
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
