// Waiting with a bound, for what may never settle, and the bounds of stopping a program.

/** Waits for a promise, at most so many milliseconds. Returns whether it has settled. */
export async function within(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, milliseconds));
  });
  const settled = promise.then(() => true, () => true);
  return await Promise.race([settled, late]).finally(() => clearTimeout(timer));
}

/** The parts of the drain time, in milliseconds: for running requests or jobs, and then for closing connections. */
export function divideDrainTime(drainTime: number): { requests: number; closing: number } {
  const closing = Math.min(3000, drainTime / 5);
  return { requests: drainTime - closing, closing };
}
