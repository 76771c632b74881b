// The pools of a server process. Each kind of work has its own, so that none takes the connections or the time of another.
import { connect, type Database } from "../../db/connect.ts";
import { requestLimits, timeLimits } from "../../db/time_limits.ts";
import type { Config } from "../config.ts";

export interface Databases {
  /** For requests. */
  db: Database;
  /** For imports and exports. */
  transfer: Database;
  /** For statements that requests share and wait for. */
  shared: Database;
  /** For what many requests write together, and mostly do not wait for. */
  batches: Database;
  /** For readiness, which has to say that the database is well while requests wait for it. */
  checks: Database;
  close(): Promise<void>;
}

export function openDatabases(
  { DATABASE_URL, DATABASE_CONNECTIONS, DATABASE_TIMEOUT_MS }: Config,
): Databases {
  const pools = {
    db: connect(DATABASE_URL, {
      max: DATABASE_CONNECTIONS,
      name: "latchkey server",
      limits: requestLimits(DATABASE_TIMEOUT_MS),
    }),
    // One batch of each kind runs at a time.
    shared: connect(DATABASE_URL, {
      max: 5,
      name: "latchkey shared",
      limits: requestLimits(DATABASE_TIMEOUT_MS),
      planOnce: true,
    }),
    transfer: connect(DATABASE_URL, { max: 8, name: "latchkey transfer", limits: timeLimits.transfer }),
    batches: connect(DATABASE_URL, { max: 3, name: "latchkey batches", limits: timeLimits.batch }),
    checks: connect(DATABASE_URL, { max: 2, name: "latchkey checks", limits: timeLimits.check }),
  };
  return {
    ...pools,
    async close() {
      await Promise.all(Object.values(pools).map((pool) => pool.end({ timeout: 5 })));
    },
  };
}
