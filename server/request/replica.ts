// The replica of REPLICA_URL. It is asked only while it has replayed the log of the database far enough for the reader; a
// replica that is behind, cannot be reached or fails costs a reader its own time limits once, and then nothing until it answers.
import type { ChangeListener } from "../../db/change_listener.ts";
import { connect, type Db, isConnectionLost, isUnavailable } from "../../db/connect.ts";
import type { TimeBudget } from "../../db/deadlines.ts";
import { withBudget } from "../../db/handles.ts";
import { timeLimits } from "../../db/time_limits.ts";
import type { Config } from "../config.ts";
import type { Replica } from "../domain/replica.ts";
import { describeError, type Log } from "./log.ts";

/** How often a replica that failed is asked whether it is back; milliseconds. */
const RETRY_INTERVAL = 1000;

export interface ReplicaPool {
  /** The replica for work with a time of its own; null: without one. */
  within(budget: TimeBudget | null): Replica;
  /** What is wrong with it; null: it has everything up to a second ago. */
  findProblem(): Promise<string | null>;
  close(): Promise<void>;
}

/** Opens the pool of the replica. It connects when it is used first. */
export function openReplica(
  url: string,
  { DATABASE_CONNECTIONS }: Pick<Config, "DATABASE_CONNECTIONS">,
  changes: Pick<ChangeListener, "logPosition" | "look">,
  log: Log,
): ReplicaPool {
  const db = connect(url, {
    max: DATABASE_CONNECTIONS,
    name: "latchkey replica",
    limits: timeLimits.replica,
  });
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isUp = true;
  let isClosed = false;

  function fail(error: unknown): void {
    if (!isUp || isClosed) return;
    isUp = false;
    log.warn("replica not used", { ...describeError(error), stack: undefined });
    const ask = () =>
      hasReplayed(db, "0/0").then((isReplica) => {
        if (!isReplica) throw new Error("it is no replica");
        isUp = true;
        log.info("replica used again");
      }).catch(() => {
        if (!isClosed) retry = setTimeout(ask, RETRY_INTERVAL);
      });
    retry = setTimeout(ask, RETRY_INTERVAL);
  }

  return {
    within: (budget) => ({
      async read(need, read) {
        const position = isUp ? changes.logPosition(need) : null;
        if (position === null) return null;
        // One connection for both statements, as an address may stand for several replicas. What was replayed before the
        // snapshot of a statement is taken is visible in it.
        const connection = await (budget ? withBudget(db, budget) : db).reserve().catch(fail);
        if (!connection) return null;
        try {
          if (!await hasReplayed(connection, position).catch(fail)) return null;
          return { value: await read(connection) };
        } catch (error) {
          if (isConnectionLost(error)) fail(error);
          // A standby cancels statements that stand in the way of its replay; the next ones may pass.
          else if (!isUnavailable(error)) throw error;
          return null;
        } finally {
          connection.release();
        }
      },
      noteWrite: () => changes.look(),
    }),
    async findProblem() {
      const position = changes.logPosition("read");
      if (!isUp) return "The replica does not answer. The database itself is asked for everything.";
      if (position === null || await hasReplayed(db, position)) return null;
      await new Promise((resolve) => setTimeout(resolve, RETRY_INTERVAL / 2));
      if (await hasReplayed(db, position)) return null;
      return "The replica is behind. The database itself is asked for what it lacks.";
    },
    async close() {
      isClosed = true;
      clearTimeout(retry);
      await db.end({ timeout: 5 });
    },
  };
}

/** Whether a replica has replayed the log up to a position. A database that is no replica has not. */
async function hasReplayed(db: Db, position: string): Promise<boolean> {
  const [{ isPast }] = await db<{ isPast: boolean }[]>`
    select coalesce(pg_last_wal_replay_lsn() >= ${position}::text::pg_lsn, false) as is_past`;
  return isPast;
}
