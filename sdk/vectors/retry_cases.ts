// When calls are repeated, on a virtual clock: what comes back of each attempt, and how long an app waits before the next.
import type { Case } from "./cases.ts";
import { ISSUED } from "./samples.ts";

/** What came of each attempt; status 0 means that the server was not reached. */
export interface RetryGiven {
  /** Seconds since 1970, at the first attempt. The clock advances by the delays. */
  now: number;
  outcomes: { status: number; retry_after: string | null }[];
  /** A number from 0 to 1 for each delay. */
  random: number[];
}

/** Seconds before each further attempt, and the status that the call ends with. */
export interface RetryExpected {
  delays: number[];
  status: number;
}

const outcome = (status: number, retry_after: string | null = null) => ({ status, retry_after });
const lost = outcome(0);

export function retryCases(): Case<RetryGiven, RetryExpected>[] {
  const make = (
    name: string,
    reason: string,
    outcomes: RetryGiven["outcomes"],
    delays: number[],
    random = outcomes.map(() => 1),
  ) => ({
    name,
    reason,
    given: { now: ISSUED, outcomes, random },
    expected: { delays, status: outcomes[delays.length].status },
  });
  return [
    make("success", "Nothing is repeated.", [outcome(200)], []),
    make("one network error", "The first delay is a second.", [lost, outcome(200)], [1]),
    make("network errors", "Each delay is twice the one before; after five attempts the call fails.", [
      lost,
      lost,
      lost,
      lost,
      lost,
    ], [1, 2, 4, 8]),
    make("the shortest delays", "A half of the delay is always waited.", [lost, lost, lost, lost, lost], [
      0.5,
      1,
      2,
      4,
    ], [0, 0, 0, 0, 0]),
    make("delays in between", "The share is random.", [lost, lost, outcome(200)], [0.75, 1.5], [
      0.5,
      0.5,
      0.5,
    ]),
    make("503", "The server is busy.", [outcome(503), outcome(503), outcome(200)], [1, 2]),
    make("503 with Retry-After", "The server says how long.", [outcome(503, "7"), outcome(200)], [7]),
    make("429 with Retry-After", "The server says how long.", [outcome(429, "20"), outcome(200)], [20]),
    make("429 without Retry-After", "The own delay is waited.", [outcome(429), outcome(200)], [1]),
    make("Retry-After below the own delay", "The longer of both is waited.", [
      lost,
      lost,
      outcome(429, "1"),
      outcome(200),
    ], [1, 2, 4]),
    make("Retry-After of zero", "The own delay is waited.", [outcome(429, "0"), outcome(200)], [1]),
    make("Retry-After of a minute", "It is waited for.", [outcome(429, "60"), outcome(200)], [60]),
    make(
      "Retry-After of an hour",
      "No one waits so long: the call fails at once.",
      [outcome(429, "3600")],
      [],
    ),
    make("Retry-After as a date", "Dates of HTTP are read.", [
      outcome(503, "Sun, 01 Mar 2026 12:00:15 GMT"),
      outcome(200),
    ], [15]),
    make("Retry-After as a date that is over", "The own delay is waited.", [
      outcome(503, "Sun, 01 Mar 2026 11:00:00 GMT"),
      outcome(200),
    ], [1]),
    make(
      "Retry-After that cannot be read",
      "The own delay is waited.",
      [outcome(503, "soon"), outcome(200)],
      [1],
    ),
    make("Retry-After below zero", "The own delay is waited.", [outcome(503, "-5"), outcome(200)], [1]),
    ...[400, 401, 402, 403, 404, 409, 410, 413, 422, 500, 501].map((status) =>
      make(`status ${status}`, "A refusal or a fault is not repeated.", [outcome(status, "1")], [])
    ),
    make("a refusal after a network error", "It ends the call.", [lost, outcome(409)], [1]),
  ];
}
