// The health of the server, database, worker, Redis and clocks in words.
import { toApiError } from "../../lib/api_error.ts";
import type { Tone } from "../../ui/Badge.tsx";
import type { Outputs } from "../../lib/trpc.ts";
import { formatAgo, formatNumber } from "../../lib/format.ts";

export type Health = Outputs["monitoring"]["health"];

export interface Part {
  title: string;
  tone: Tone;
  /** "Up", "No heartbeat". */
  word: string;
  /** What it means for the administrator. */
  hint: string;
}

/**
 * The parts of the system that are known.
 *
 * @param error why the last health query failed, if it did
 */
export function describeParts(health: Health | undefined, error: unknown): Part[] {
  if (error) {
    return [{
      title: "Server",
      tone: "bad",
      word: "Not responding",
      hint: `${toApiError(error).message} Data on this page may be outdated.`,
    }];
  }
  if (!health) return [];
  const { server, database, worker, redis, clocks } = health;
  return [
    { title: "Server", tone: "good", word: "Up", hint: `Started ${formatAgo(server.startedAt)}.` },
    {
      title: "Database",
      tone: database.ms > 1000 ? "warn" : "good",
      word: database.ms > 1000 ? "Slow" : "Up",
      hint: `Responding in ${formatNumber(Math.round(database.ms))} ms.`,
    },
    {
      title: "Worker",
      tone: worker.up ? "good" : "bad",
      word: worker.up ? "Up" : "No heartbeat",
      hint: worker.up
        ? `Last seen ${formatAgo(worker.lastSeenAt!)}.`
        : `${
          worker.lastSeenAt ? `Last seen ${formatAgo(worker.lastSeenAt)}` : "Never connected"
        }. Emails, webhooks and jobs are queued until a worker runs.`,
    },
    {
      title: "Redis",
      tone: redis.up ? "good" : "warn",
      word: redis.up ? "Up" : "Not responding",
      hint: redis.up
        ? "Queues and rate limits."
        : "Jobs are queued, and rate limits apply per server. No data is lost.",
    },
    ...describeClocks(clocks),
  ];
}

/** A difference that is shown as a problem; milliseconds. The server alerts owners from the same on. */
const MAX_CLOCK_DIFFERENCE = 5000;

/** The clock that is furthest from the database's. */
function describeClocks(clocks: Health["clocks"]): Part[] {
  const [worst] = clocks.toSorted((a, b) => Math.abs(b.differenceMs) - Math.abs(a.differenceMs));
  if (!worst) return [];
  const { machine, differenceMs } = worst;
  const isRight = Math.abs(differenceMs) <= MAX_CLOCK_DIFFERENCE;
  const seconds = `${formatNumber(Math.abs(Math.round(differenceMs / 100) / 10))} s`;
  return [{
    title: "Clocks",
    tone: isRight ? "good" : "warn",
    word: isRight ? "In sync" : "Out of sync",
    hint: isRight
      ? `Within ${seconds} of the database clock.`
      : `The clock of ${machine} is ${seconds} ${
        differenceMs > 0 ? "ahead of" : "behind"
      } the database clock, which is used. ` + "Check time synchronization (NTP).",
  }];
}
