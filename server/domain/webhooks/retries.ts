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
 * @param random a number from 0 up to 1
 * @returns null after the last attempt
 */
export function nextAttemptAt(now: Date, failures: number, random = Math.random()): Date | null {
  const delay = delays[failures - 1];
  if (delay === undefined) return null;
  return new Date(now.getTime() + Math.round(delay * (1 + JITTER * (2 * random - 1))));
}
