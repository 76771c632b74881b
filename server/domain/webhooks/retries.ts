// When a delivery that failed is tried again.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long to wait after the first, second, … failure. */
const waits = [
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

/** By how much a wait may differ, so that those who failed together do not come back together. */
const JITTER = 0.2;

/** An endpoint that has failed for so long is switched off. */
export const FAILING_FOR_TOO_LONG = 5 * 24 * HOUR;

/**
 * When to try again.
 *
 * @param failures so far
 * @param chance a number from 0 up to 1
 * @returns null when it is time to give up
 */
export function nextTry(now: Date, failures: number, chance = Math.random()): Date | null {
  const wait = waits[failures - 1];
  if (wait === undefined) return null;
  return new Date(now.getTime() + Math.round(wait * (1 + JITTER * (2 * chance - 1))));
}
