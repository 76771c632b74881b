// Heartbeats that the rate limit refused, counted by the minute for the detection of anomalies.
import type { Db } from "../../../db/connect.ts";
import type { Context, RefusedHeartbeats } from "../context.ts";

/** A row of `refused_heartbeats`. */
export interface RefusedHeartbeatRow {
  activationId: number;
  minute: Date;
  count: number;
}

/** Adds refused heartbeats to the counts. */
export async function recordRefusedHeartbeats(db: Db, refused: RefusedHeartbeats[]): Promise<void> {
  const counts = refused.map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() }));
  await db`
    insert into refused_heartbeats (activation_id, minute, count)
    select "activationId", date_trunc('minute', at), sum(count)
    from jsonb_to_recordset(${db.json(counts)})
      as refused ("activationId" bigint, at timestamptz, count integer)
    group by 1, 2
    order by 1, 2
    on conflict on constraint refused_heartbeats_pkey do update
    set count = refused_heartbeats.count + excluded.count`;
}

/**
 * Deletes counts older than a day.
 *
 * @returns the number of rows
 */
export async function pruneRefusedHeartbeats(ctx: Context): Promise<number> {
  const pruned = await ctx.db`
    delete from refused_heartbeats
    where minute < ${ctx.now}::timestamptz - interval '1 day'`;
  return pruned.count;
}
