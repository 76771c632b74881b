// The context of work without a request: jobs, commands and demo data. It caches nothing and writes immediately.
import type { Db } from "../../db/connect.ts";
import { writeHeartbeats } from "./activations/heartbeat_writes.ts";
import { recordRefusedHeartbeats } from "./activations/refused_heartbeats.ts";
import type { Cipher, Context } from "./context.ts";
import { recordMilestone } from "./milestones.ts";
import { readSettings } from "./settings/settings.ts";

/**
 * Creates a context whose actor is the system.
 *
 * @param job name of the actor in recorded events
 */
export async function systemContext(db: Db, job: string, now: Date, cipher: Cipher): Promise<Context> {
  return {
    db,
    actor: { kind: "system", job },
    now,
    settings: await readSettings(db),
    requestId: null,
    cache: {
      getOrLoad: async (_key, load) => (await load())?.value ?? null,
      getOrLoadPacked: async (_packing, _key, load) => (await load())?.value ?? null,
      replaceNumber: () => {},
      invalidate: () => {},
    },
    heartbeats: {
      write: (heartbeat) => writeHeartbeats(db, [heartbeat]),
      writeLater: (heartbeat) => void writeHeartbeats(db, [heartbeat]).catch(() => {}),
      countRefused: (refused) => void recordRefusedHeartbeats(db, [{ ...refused, count: 1 }]).catch(() => {}),
      recordVerified: (at) => void recordMilestone(db, "verification", at).catch(() => {}),
    },
    cipher,
  };
}
