// When each API key was last used: collected in memory and written every few seconds.
import type { Database } from "../../db/connect.ts";
import { recordKeyUses } from "../domain/api_keys/api_keys.ts";
import { describeError, type Log } from "./log.ts";

/** Milliseconds. */
const WRITE_EVERY = 10_000;

export interface KeyUsage {
  record(id: number, at: Date): void;
  /** Writes what is waiting. */
  close(): Promise<void>;
}

export function startKeyUsage(db: Database, log: Log): KeyUsage {
  const lastUses = new Map<number, Date>();
  const write = async () => {
    const uses = [...lastUses].map(([id, at]) => ({ id, at }));
    lastUses.clear();
    if (uses.length === 0) return;
    await recordKeyUses(db, uses).catch((error) => {
      // Retried in the next interval, unless a key was used again since.
      for (const { id, at } of uses) if (!lastUses.has(id)) lastUses.set(id, at);
      throw error;
    });
  };
  const timer = setInterval(() => {
    write().catch((error) => log.warn("last use of API keys not written", describeError(error)));
  }, WRITE_EVERY);
  return {
    record: (id, at) => void lastUses.set(id, at),
    async close() {
      clearInterval(timer);
      await write();
    },
  };
}
