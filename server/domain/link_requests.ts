// Links that are mailed on request. A request is one inserted row, whether or not an account has the address; a job looks
// the account up and mails the link.
import { type Context, inTransaction } from "./context.ts";

/** How long a link is valid; milliseconds. */
export const LINK_LIFETIME = 3_600_000;
/** How long a request is kept; days. */
export const LINK_RETENTION = 7;
/** How many requests one run of the job processes. */
const MAX_REQUESTS = 100;

/** What a run has done. */
export interface ProcessedLinkRequests {
  mailed: number;
  /** Requests whose address gets no link. */
  skipped: number;
}

/**
 * Processes waiting requests one by one, each in a transaction of its own, so that one that fails delays no other.
 *
 * @param processNext locks and processes the next request; returns whether a link was mailed, and null when none waits
 */
export async function processLinkRequests(
  ctx: Context,
  processNext: (ctx: Context) => Promise<boolean | null>,
): Promise<ProcessedLinkRequests> {
  const done: ProcessedLinkRequests = { mailed: 0, skipped: 0 };
  for (let count = 0; count < MAX_REQUESTS; count++) {
    const isMailed = await inTransaction(ctx, processNext);
    if (isMailed === null) break;
    done[isMailed ? "mailed" : "skipped"]++;
  }
  return done;
}
