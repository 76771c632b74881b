// What a server's readiness consists of. A new check is an entry here; its sentence is public, so it names no address,
// account or key.
import type { Clock } from "../../db/clock.ts";
import type { Database } from "../../db/connect.ts";
import { findSchemaProblem } from "../../db/migration_state.ts";
import { findLastHealthCheck, isWorkerDown } from "../domain/monitoring/health_check.ts";
import { listUnreadableKeys } from "../domain/signing/unreadable_keys.ts";
import type { Cipher } from "../domain/context.ts";
import { describeClockDifference, isClockWrong } from "../domain/monitoring/process_clocks.ts";
import type { ReadinessCheck } from "./readiness.ts";

/** What the checks look at. */
export interface CheckedParts {
  db: Database;
  clock: Clock;
  cipher: Cipher;
  limiter: { isConnected(): boolean };
  /** Whether the process hears of changes, so that it may answer from its cache. */
  changes: { isFresh(): boolean };
  /** Null without one. */
  replica: { findProblem(): Promise<string | null> } | null;
  /** False once shutdown began. */
  isAccepting(): boolean;
}

/** The checks of a server process. */
export function serverChecks(
  { db, clock, cipher, limiter, changes, replica, isAccepting }: CheckedParts,
): ReadinessCheck[] {
  return [
    {
      name: "database",
      isRequired: true,
      findProblem: () => db`select 1`.then(() => null),
      unknown: "PostgreSQL does not respond within 1 second. Requests that need it return 503.",
    },
    {
      name: "migrations",
      isRequired: true,
      findProblem: () => findSchemaProblem(db),
      unknown: "PostgreSQL did not say which migrations are applied.",
    },
    {
      name: "accepting",
      isRequired: true,
      findProblem: () => isAccepting() ? null : "The server is shutting down. Use another one.",
      unknown: "",
    },
    {
      name: "redis",
      isRequired: false,
      findProblem: () =>
        limiter.isConnected()
          ? null
          : "Redis is not responding. Rate limits apply per process; jobs are queued.",
      unknown: "",
    },
    {
      name: "changes",
      isRequired: false,
      findProblem: () =>
        changes.isFresh() ? null : "Changes cannot be read. Validations ask the database until they can.",
      unknown: "",
    },
    ...replica
      ? [{
        name: "replica",
        isRequired: false,
        findProblem: () => replica.findProblem(),
        unknown: "The replica does not answer. The database itself is asked for everything.",
      }]
      : [],
    {
      name: "worker",
      isRequired: false,
      async findProblem() {
        const isDown = isWorkerDown({ now: clock.now() }, await findLastHealthCheck({ db }));
        return isDown ? "No worker has reported for a minute. Start one: deno task worker" : null;
      },
      unknown: "PostgreSQL did not say when a worker last reported.",
    },
    {
      name: "signing_keys",
      isRequired: false,
      findProblem: async () =>
        (await listUnreadableKeys({ db, cipher })).length === 0
          ? null
          : "ENCRYPTION_KEY does not open all signing keys. Run: deno task latchkey doctor",
      unknown: "PostgreSQL did not return the signing keys.",
    },
    {
      name: "clock",
      isRequired: false,
      findProblem() {
        const difference = clock.difference();
        if (!isClockWrong(difference)) return null;
        return `The clock of this machine is ${describeClockDifference(difference)}, whose time is used. ` +
          "Check the machine's time synchronisation (NTP).";
      },
      unknown: "",
    },
  ];
}
