// What the doors get from the program that opens them: the database, what is remembered, the limits, the log.
import type { Database } from "../../db/connect.ts";
import type { Seal, SignsOfLife } from "../domain/context.ts";
import type { Limiter } from "../limits.ts";
import type { Log } from "../log.ts";
import type { ServerMemory } from "../memory.ts";
import type { Metrics } from "../metrics.ts";

export interface House {
  db: Database;
  memory: ServerMemory;
  signs: SignsOfLife;
  /** Notes that an API key was used; waits for nobody. */
  noteKeyUse(id: number, at: Date): void;
  limiter: Limiter;
  log: Log;
  metrics: Metrics;
  seal: Seal;
  /** The address a request comes from. */
  addressOf(peer: string, forwarded: string | null): string;
  /** Whether the server is meant to get requests: false once it was told to stop. */
  isOpen(): boolean;
}

/** What a listener tells of a request beside the request itself. */
export interface Peer {
  /** The address at the other end of the connection. */
  peer: string;
}
