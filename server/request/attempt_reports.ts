// Reports of failed attempts to sign in, written beside the request: its transaction is rolled back when it is refused.
import type { Database } from "../../db/connect.ts";
import type { FailedAttempts } from "../domain/attempts/attempt_counter.ts";
import { reportFailedAttempts } from "../domain/attempts/report.ts";
import type { Cipher } from "../domain/context.ts";
import { systemContext } from "../domain/system_context.ts";
import { describeError, type Log } from "./log.ts";

export interface AttemptReports {
  report(failed: FailedAttempts): void;
  /** Resolves when every report is written. */
  close(): Promise<void>;
}

export function createAttemptReports(db: Database, cipher: Cipher, log: Log): AttemptReports {
  const pending = new Set<Promise<void>>();
  return {
    report(failed) {
      const written = systemContext(db, "sign-in", failed.at, cipher)
        .then((ctx) => reportFailedAttempts(ctx, failed))
        .catch((error) => log.warn("failed sign-ins not reported", describeError(error)))
        .finally(() => pending.delete(written));
      pending.add(written);
    },
    async close() {
      await Promise.all(pending);
    },
  };
}
