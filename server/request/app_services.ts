// What the doors get from the program that opens them: the database, what is remembered, the limits, the log.
import type { Database } from "../../db/connect.ts";
import type { Cipher, HeartbeatWriter } from "../domain/context.ts";
import type { RateLimiter } from "./rate_limiter.ts";
import type { Log } from "./log.ts";
import type { ServerCache } from "./cache.ts";
import type { Metrics } from "./metrics.ts";

export interface AppServices {
  db: Database;
  cache: ServerCache;
  heartbeats: HeartbeatWriter;
  /** Notes that an API key was used; waits for nobody. */
  recordKeyUse(id: number, at: Date): void;
  limiter: RateLimiter;
  log: Log;
  metrics: Metrics;
  cipher: Cipher;
  /** The address a request comes from. */
  addressOf(peer: string, forwarded: string | null): string;
  /** Whether the server is meant to get requests: false once it was told to stop. */
  isReady(): boolean;
}

/** What a listener tells of a request beside the request itself. */
export interface Peer {
  /** The address at the other end of the connection. */
  peer: string;
}
