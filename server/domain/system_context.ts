// The context of what nobody asked for: jobs, commands and demo data. It remembers nothing and writes at once.
import type { Db } from "../../db/connect.ts";
import { recordRefusedHeartbeats, writeHeartbeats } from "./activations/heartbeat.ts";
import type { Cipher, Context } from "./context.ts";
import { noteMilestone } from "./milestones.ts";
import { readSettings } from "./settings/settings.ts";

/**
 * A context of the system.
 *
 * @param job what the history calls whoever did it
 */
export async function systemContext(db: Db, job: string, now: Date, cipher: Cipher): Promise<Context> {
  return {
    db,
    actor: { kind: "system", job },
    now,
    settings: await readSettings(db),
    requestId: null,
    cache: { getOrLoad: async (_key, load) => (await load())?.value ?? null, invalidate: () => {} },
    heartbeats: {
      write: (sign) => writeHeartbeats(db, [sign]),
      writeLater: (sign) => void writeHeartbeats(db, [sign]).catch(() => {}),
      countRefused: (refused) => void recordRefusedHeartbeats(db, [{ ...refused, count: 1 }]).catch(() => {}),
      recordVerified: (at) => void noteMilestone(db, "verification", at).catch(() => {}),
    },
    cipher,
  };
}
