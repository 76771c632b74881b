// A worker on a schema that it does not work on takes no jobs, as a server then is not ready. `migrate` refuses to apply
// such a migration while the worker is connected; this is for a database that was restored or changed otherwise.
import type { Worker } from "bullmq";
import type { Db } from "../db/connect.ts";
import { findSchemaProblem } from "../db/migration_state.ts";
import type { Log } from "../server/request/log.ts";

/**
 * Checks the schema until it is stopped.
 *
 * @param options.interval milliseconds between two checks
 */
export function startSchemaChecks(
  db: Db,
  { workers, log, interval }: { workers: Worker[]; log: Log; interval: number },
): { stop(): Promise<void> } {
  let isPaused = false;
  let running: Promise<void> | null = null;

  async function check(): Promise<void> {
    const problem = await findSchemaProblem(db);
    if (isPaused === (problem !== null)) return;
    isPaused = problem !== null;
    if (problem === null) {
      log.info("jobs are taken again");
      for (const worker of workers) worker.resume();
    } else {
      log.error("no jobs are taken", { reason: problem });
      await Promise.all(workers.map((worker) => worker.pause(true)));
    }
  }

  const timer = setInterval(() => {
    // While the database is down nothing is known, and the jobs fail themselves.
    running ??= check().catch(() => {}).finally(() => running = null);
  }, interval);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
