// Heartbeats of many requests written in one statement. A batch waits while another is under way, so that batches grow
// with the load.
import type { Database } from "../../db/connect.ts";
import { recordRefusedHeartbeats } from "../domain/activations/refused_heartbeats.ts";
import { writeHeartbeats } from "../domain/activations/heartbeat_writes.ts";
import type { Heartbeat, HeartbeatWriter, RefusedHeartbeats } from "../domain/context.ts";
import { recordMilestone } from "../domain/milestones.ts";
import { createBatcher } from "./batch.ts";
import { describeError, type Log } from "./log.ts";

/** How long a heartbeat that no request waits for may be collected; milliseconds. */
const MAX_DELAY = 500;
/** How often refused heartbeats are written; milliseconds. */
const WRITE_REFUSED_EVERY = 10_000;
/** Machines whose refused heartbeats are counted in one interval; a bound on memory. */
const MAX_REFUSED = 10_000;

/** Starts the writer; `close` writes what is waiting. */
export function startHeartbeatWriter(db: Database, log: Log): HeartbeatWriter & { close(): Promise<void> } {
  const write = async (heartbeats: Heartbeat[]) => {
    await writeHeartbeats(db, heartbeats);
    return heartbeats.map(() => undefined);
  };
  const awaited = createBatcher<Heartbeat, undefined>(write, { maxBatchSize: 500 });
  const delayed = createBatcher<Heartbeat, undefined>(async (heartbeats) => {
    // No one waits for these: one line for all of them, as a database that is down would otherwise fill the log.
    await write(heartbeats).catch((error) =>
      log.warn("heartbeats not written", {
        count: heartbeats.length,
        ...describeError(error),
        stack: undefined,
      })
    );
    return heartbeats.map(() => undefined);
  }, { maxDelay: MAX_DELAY, maxBatchSize: 2000 });

  const refused = new Map<number, RefusedHeartbeats>();
  const writeRefused = async () => {
    const counted = [...refused.values()];
    refused.clear();
    if (counted.length > 0) await recordRefusedHeartbeats(db, counted);
  };
  const timer = setInterval(() => {
    writeRefused().catch((error) => log.warn("refused heartbeats not written", describeError(error)));
  }, WRITE_REFUSED_EVERY);
  let hasVerified = false;

  return {
    write: (heartbeat) => awaited.add(heartbeat),
    writeLater(heartbeat) {
      delayed.add(heartbeat);
    },
    countRefused(heartbeat) {
      const known = refused.get(heartbeat.activationId);
      if (known) known.count++;
      else if (refused.size < MAX_REFUSED) refused.set(heartbeat.activationId, { ...heartbeat, count: 1 });
    },
    recordVerified(at) {
      if (hasVerified) return;
      hasVerified = true;
      recordMilestone(db, "verification", at).catch((error) => {
        hasVerified = false;
        log.warn("first verification not recorded", describeError(error));
      });
    },
    async close() {
      clearInterval(timer);
      await Promise.allSettled([awaited.drain(), delayed.drain(), writeRefused()]);
    },
  };
}
