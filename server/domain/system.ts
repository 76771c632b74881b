// The context of what nobody asked for: jobs, commands and demo data. It remembers nothing and writes at once.
import type { Db } from "../../db/connect.ts";
import { noteRefusedSigns, writeSigns } from "./activations/heartbeat.ts";
import type { Context, Seal } from "./context.ts";
import { noteMilestone } from "./milestones.ts";
import { readSettings } from "./settings.ts";

/**
 * A context of the system.
 *
 * @param job what the history calls whoever did it
 */
export async function systemContext(db: Db, job: string, now: Date, seal: Seal): Promise<Context> {
  return {
    db,
    actor: { kind: "system", job },
    now,
    settings: await readSettings(db),
    requestId: null,
    memory: { recall: async (_key, load) => (await load())?.value ?? null, forget: () => {} },
    signs: {
      write: (sign) => writeSigns(db, [sign]),
      writeSoon: (sign) => void writeSigns(db, [sign]).catch(() => {}),
      noteRefused: (refused) => void noteRefusedSigns(db, [{ ...refused, count: 1 }]).catch(() => {}),
      noteVerified: (at) => void noteMilestone(db, "verification", at).catch(() => {}),
    },
    seal,
  };
}
