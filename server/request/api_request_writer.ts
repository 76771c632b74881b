// Writing the log of API requests: once a second at most, in one statement, and never more than fits into a bounded queue. A
// database that is slow or away loses rows; no request waits for it.
import { type Db, isUnavailable } from "../../db/connect.ts";
import type { NewApiRequest } from "../domain/api_requests/api_request.ts";
import { pruneApiRequests, type Retention, writeApiRequests } from "../domain/api_requests/write.ts";
import { FairSample, type SampleKey } from "./fair_sample.ts";
import { describeError, type Log } from "./log.ts";
import { within } from "./within.ts";

/** Requests that a process keeps of each second: those that were rejected or failed, and those that succeeded. */
export const budgets = { rejected: 40, succeeded: 10 };
/** Whether a request succeeded. A license that may not be used is a rejection, whatever the status says. */
export type Outcome = keyof typeof budgets;

/** Milliseconds. */
const WRITE_EVERY = 1000;
/** Requests that wait for the database; more of them lose the oldest. */
const MAX_QUEUED = 1000;
/** How often old requests are deleted; milliseconds. */
const PRUNE_EVERY = 30_000;
/** How long the end of a process waits for the last statement; milliseconds. */
const CLOSE_WITHIN = 2000;
/** How often it is logged that requests are lost; milliseconds. */
const WARN_EVERY = 60_000;

/** What became of the requests, since the process started. */
export interface LoggedRequests {
  /** Written. */
  kept: number;
  /** Left out because the budget of their second was used. */
  sampledOut: number;
  /** Lost because the database was slow or away. */
  dropped: number;
}

/** A request whose `seen` and `kept` are known when its second is over. */
export type OfferedRequest = Omit<NewApiRequest, "seen" | "kept">;

export interface ApiRequestWriter {
  readonly counts: LoggedRequests;
  /** Counts a request. Returns whether it is to be added. */
  admits(outcome: Outcome, caller: SampleKey, subject: SampleKey): boolean;
  /** Adds a request that `admits` was true for just before. */
  add(outcome: Outcome, caller: SampleKey, subject: SampleKey, request: OfferedRequest): void;
  /** Writes what is waiting, as long as that takes. */
  flush(): Promise<void>;
  /** Writes what is waiting, within two seconds, and takes no more. */
  close(): Promise<void>;
}

interface WriterOptions {
  db: Db;
  log: Log;
  now(): Date;
  /** How long and how many are kept. */
  settings(): Retention | Promise<Retention>;
}

/** Starts the writer. Without requests it does nothing. */
export function startApiRequestWriter({ db, log, now, settings }: WriterOptions): ApiRequestWriter {
  const samples = {
    rejected: new FairSample<OfferedRequest>(budgets.rejected),
    succeeded: new FairSample<OfferedRequest>(budgets.succeeded),
  };
  const counts: LoggedRequests = { kept: 0, sampledOut: 0, dropped: 0 };
  let queue: NewApiRequest[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> | null = null;
  let prunedAt = -Infinity;
  let warnedAt = -Infinity;
  let isClosed = false;

  const lose = (count: number, error: unknown) => {
    counts.dropped += count;
    if (performance.now() - warnedAt < WARN_EVERY) return;
    warnedAt = performance.now();
    log.warn("API requests not logged", { count, ...describeError(error), stack: undefined });
  };

  const write = async () => {
    let requests = queue;
    queue = [];
    try {
      const retention = await settings();
      if (retention.keepApiRequestsFor > 0) {
        await writeApiRequests(db, requests);
        counts.kept += requests.length;
      }
      requests = [];
      if (performance.now() - prunedAt < PRUNE_EVERY) return;
      prunedAt = performance.now();
      await pruneApiRequests({ db, now: now(), settings: retention }, { batches: 1 });
    } catch (error) {
      // What a database that is away for a moment has not taken is tried again with the next second.
      if (isUnavailable(error) && !isClosed) queue = [...requests, ...queue];
      else lose(requests.length, error);
    }
  };

  const endSecond = () => {
    timer = undefined;
    for (const sample of Object.values(samples)) {
      const { items, seen } = sample.take();
      counts.sampledOut += seen - items.length;
      for (const item of items) queue.push({ ...item, seen, kept: items.length });
    }
    const tooMany = queue.length - MAX_QUEUED;
    if (tooMany > 0) {
      queue = queue.slice(tooMany);
      lose(tooMany, new Error("the database is slow"));
    }
    if (writing || queue.length === 0) return;
    writing = write().finally(() => {
      writing = null;
      // What came meanwhile waits for its second, even if nothing else comes.
      if (queue.length > 0) timer ??= setTimeout(endSecond, WRITE_EVERY);
    });
  };

  const flush = async () => {
    do {
      await writing;
      clearTimeout(timer);
      endSecond();
    } while (writing);
  };

  return {
    counts,
    admits(outcome, caller, subject) {
      if (isClosed) return false;
      timer ??= setTimeout(endSecond, WRITE_EVERY);
      return samples[outcome].admits(caller, subject);
    },
    add: (outcome, caller, subject, request) => samples[outcome].add(caller, subject, request),
    flush,
    async close() {
      isClosed = true;
      if (await within(CLOSE_WITHIN, flush())) return;
      const left = queue.length;
      queue = [];
      lose(left, new Error("the database is slow"));
    },
  };
}
