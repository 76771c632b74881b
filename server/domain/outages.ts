// Times in which no server ran that could be called, or no worker that would have known. They do not count against who has to
// call within some time.
import type { Fragment } from "../../db/connect.ts";
import { type Context, inTransaction } from "./context.ts";
import { advanceJobCursor, lockJobCursor } from "./job_cursors.ts";

/** A row of `outages`. */
export interface OutageRow {
  id: number;
  beganAt: Date;
  endedAt: Date;
}

const JOB = "outages";
/** A shorter outage is none: whoever calls regularly misses one call at most. Milliseconds. */
const MIN_LENGTH = 300_000;
/** How long outages are kept: longer than anything that they count for. Days. */
const KEPT = 4000;

/**
 * Notes an outage that has ended since the last call. A worker that runs calls it at least once a minute.
 *
 * @returns whether a server runs
 */
export async function noteOutage(ctx: Context): Promise<boolean> {
  const [server] = await ctx.db`
    select 1
    from process_clocks
    where kind = 'server' and measured_at between ${ctx.now}::timestamptz - interval '1 minute'
      and ${ctx.now}::timestamptz + interval '1 minute'
    limit 1`;
  if (!server) return false;
  return await inTransaction(ctx, async (ctx) => {
    const seen = await lockJobCursor(ctx, JOB, ctx.now);
    if (ctx.now.getTime() - seen.getTime() > MIN_LENGTH) {
      await ctx.db`
        delete from outages
        where ended_at < ${ctx.now}::timestamptz - make_interval(days => ${KEPT})`;
      await ctx.db`
        insert into outages (began_at, ended_at)
        values (${seen}, ${ctx.now})`;
    }
    await advanceJobCursor(ctx, JOB);
    return true;
  });
}

/** The outages that are known, the last one first. */
export async function listOutages(ctx: Context): Promise<OutageRow[]> {
  return await ctx.db<OutageRow[]>`
    select *
    from outages
    order by ended_at desc`;
}

/** How long the outages after a time took together, as an expression of type interval. */
export function outagesSince({ db }: Pick<Context, "db">, time: Fragment): Fragment {
  return db`
    (select coalesce(sum(o.ended_at - o.began_at), '0')
    from outages o
    where o.ended_at > ${time})`;
}
