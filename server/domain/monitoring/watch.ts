// The look around that a worker takes every few seconds, and the trace it leaves, so that a house without a worker is
// noticed as well.
import { type Context, inTransaction } from "../context.ts";
import { findPlace, movePlace } from "../job_places.ts";
import { noteTrouble } from "./alerts.ts";
import { findTrouble, type Measured } from "./trouble.ts";

const JOB = "watch";

/** Looks for trouble and says so. */
export function watch(ctx: Context, measured: Measured): Promise<{ raised: number; cleared: number }> {
  return inTransaction(ctx, async (ctx) => {
    const counts = await noteTrouble(ctx, await findTrouble(ctx, measured));
    await movePlace(ctx, JOB);
    return counts;
  });
}

/** When a worker last looked; null when none ever did. */
export function lastWatched(ctx: Context): Promise<Date | null> {
  return findPlace(ctx, JOB);
}
