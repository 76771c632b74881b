// The look around that a worker takes every few seconds, and the trace it leaves, so that a house without a worker is
// noticed as well.
import { type Context, inTransaction } from "../context.ts";
import { noteTrouble } from "./alerts.ts";
import { findTrouble, type Measured } from "./trouble.ts";

const JOB = "watch";

/** Looks for trouble and says so. */
export function watch(ctx: Context, measured: Measured): Promise<{ raised: number; cleared: number }> {
  return inTransaction(ctx, async (ctx) => {
    const counts = await noteTrouble(ctx, await findTrouble(ctx, measured));
    await ctx.db`
      insert into job_places (job, seen_to)
      values (${JOB}, ${ctx.now})
      on conflict (job) do update
      set seen_to = greatest(job_places.seen_to, excluded.seen_to)`;
    return counts;
  });
}

/** When a worker last looked; null when none ever did. */
export async function lastWatched(ctx: Context): Promise<Date | null> {
  const [place] = await ctx.db<{ seenTo: Date }[]>`
    select seen_to
    from job_places
    where job = ${JOB}`;
  return place?.seenTo ?? null;
}
