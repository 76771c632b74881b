// When a failed delivery is attempted again.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The delay after the first, second, … failure. */
const delays = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** The relative deviation of a delay, so that deliveries that failed together are not retried together. */
const JITTER = 0.2;

/** An endpoint that has failed for so long is disabled. */
export const MAX_FAILING_DURATION = 5 * 24 * HOUR;

/**
 * The instant of the next attempt.
 *
 * @param failures so far
 * @param options.random a number from 0 up to 1
 * @param options.notBefore what the endpoint asked for; with up to a fifth of the wait added, so that deliveries that
 *   were refused together are not retried together
 * @returns null after the last attempt
 */
export function nextAttemptAt(
  now: Date,
  failures: number,
  options: { random?: number; notBefore?: Date | null } = {},
): Date | null {
  const { random = Math.random(), notBefore = null } = options;
  const delay = delays[failures - 1];
  if (delay === undefined) return null;
  const planned = now.getTime() + Math.round(delay * (1 + JITTER * (2 * random - 1)));
  if (notBefore === null) return new Date(planned);
  const wait = notBefore.getTime() - now.getTime();
  return new Date(Math.max(planned, notBefore.getTime() + Math.round(wait * JITTER * random)));
}

/** No `Retry-After` is waited for longer than the longest delay of the schedule. */
const MAX_RETRY_AFTER = 24 * HOUR;

/**
 * Reads `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
 *
 * @returns at most a day ahead; null when it is neither, or in the past
 */
export function parseRetryAfter(text: string | undefined, now: Date): Date | null {
  const given = text?.trim() ?? "";
  // A date begins with the name of a day in all three of its forms; other text that `Date` reads is no HTTP date.
  const until = /^\d+$/.test(given)
    ? now.getTime() + Number(given) * SECOND
    : /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(given)
    ? new Date(/GMT$/.test(given) ? given : `${given} GMT`).getTime()
    : NaN;
  if (!(until > now.getTime())) return null;
  return new Date(Math.min(until, now.getTime() + MAX_RETRY_AFTER));
}
