// When a call is repeated: after network errors, 429 and 503, with growing delays; never after a refusal.

/** How a call ended. */
export interface Outcome {
  /** The HTTP status; 0 when the server was not reached. */
  status: number;
  /** The header Retry-After; null when there is none. */
  retryAfter: string | null;
}

/** How often and how long calls are repeated. Durations are seconds. */
export interface RetryPolicy {
  /** Calls in all. */
  attempts: number;
  firstDelay: number;
  longestDelay: number;
  /** The longest Retry-After that is waited for; after a longer one the call fails at once. */
  longestWait: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 5,
  firstDelay: 1,
  longestDelay: 30,
  longestWait: 60,
};

/**
 * The delay before the next attempt; null when there is none.
 *
 * The delay doubles with each attempt, up to the longest. Of it a random share between a half and the whole is waited, so
 * that many apps do not call at the same moment; and never less than the server asks for.
 *
 * @param attempt how many calls were made
 * @param random from 0 to 1
 * @param now seconds since 1970, for a Retry-After that is a date
 * @returns seconds
 */
export function delayBeforeRetry(
  { status, retryAfter }: Outcome,
  attempt: number,
  random: number,
  now: number,
  policy: RetryPolicy = defaultRetryPolicy,
): number | null {
  if (status !== 0 && status !== 429 && status !== 503) return null;
  if (attempt >= policy.attempts) return null;
  const asked = readRetryAfter(retryAfter, now) ?? 0;
  if (asked > policy.longestWait) return null;
  const longest = Math.min(policy.longestDelay, policy.firstDelay * 2 ** (attempt - 1));
  return Math.max(asked, longest * (0.5 + random / 2));
}

/** The seconds of a Retry-After, which is a number or a date; null when it is neither. */
export function readRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\s*\d{1,10}\s*$/.test(header)) return Number(header);
  const at = /GMT\s*$/.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, at / 1000 - now);
}
