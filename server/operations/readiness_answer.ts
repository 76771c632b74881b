// The answer of /health/ready: the parts that decide, and every check with its time and problem.
import { z } from "zod";
import { type CheckState, isReady } from "../request/readiness.ts";
import { wireTime } from "../request/wire_time.ts";

const timestamp = z.string().describe("The server's time, ISO 8601");

export const readiness = z.object({
  status: z.enum(["ready", "not_ready"]).describe("Whether the server can process requests"),
  database: z.boolean().describe("PostgreSQL responds"),
  redis: z.boolean().describe("Redis responds"),
  migrations: z.boolean().describe("Whether the migrations of this version are applied"),
  accepting: z.boolean().describe("False once shutdown began"),
  checks: z.record(
    z.string(),
    z.object({
      ok: z.boolean().describe("Whether the part is well"),
      required: z.boolean().describe("Whether the server is not ready without it"),
      since: z.string().describe("When this was first observed, ISO 8601"),
      message: z.string().optional().describe("What is wrong and what to do; absent while the part is well"),
    }),
  ).describe("Every part by name; later versions may add some"),
  timestamp,
}).meta({
  examples: [{
    status: "not_ready",
    database: false,
    redis: true,
    migrations: false,
    accepting: true,
    checks: {
      database: {
        ok: false,
        required: true,
        since: "2025-06-19T10:29:12Z",
        message: "PostgreSQL does not answer within a second. Calls that need it are answered 503.",
      },
      redis: { ok: true, required: false, since: "2025-06-12T08:00:00Z" },
    },
    timestamp: "2025-06-19T10:30:00Z",
  }],
});

/** The answer for the states of the checks. */
export function writeReadiness(
  states: ReadonlyMap<string, CheckState>,
  timestamp: string,
): z.output<typeof readiness> {
  const isWell = (name: string) => states.get(name)?.isWell ?? false;
  return {
    status: isReady(states) ? "ready" : "not_ready",
    database: isWell("database"),
    redis: isWell("redis"),
    migrations: isWell("migrations"),
    accepting: isWell("accepting"),
    checks: Object.fromEntries(
      [...states].map(([name, { isWell, isRequired, since, problem }]) => [name, {
        ok: isWell,
        required: isRequired,
        since: wireTime(since),
        ...(problem === null ? {} : { message: problem }),
      }]),
    ),
    timestamp,
  };
}
