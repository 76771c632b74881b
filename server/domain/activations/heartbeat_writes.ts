// Writing heartbeats in batches, and counting them for the statistics.
import type { Db } from "../../../db/connect.ts";
import type { Context, Heartbeat } from "../context.ts";

/** A row of `heartbeat_counts`. */
export interface HeartbeatCountRow {
  bucket: Date;
  slot: number;
  count: number;
}

/** Writes many heartbeats in one statement. One older than the activation's last heartbeat is ignored. */
export async function writeHeartbeats(db: Db, heartbeats: Heartbeat[]): Promise<void> {
  const latest = new Map<number, Heartbeat>();
  for (const heartbeat of heartbeats) {
    const known = latest.get(heartbeat.activationId);
    if (!known || known.at <= heartbeat.at) latest.set(heartbeat.activationId, heartbeat);
  }
  // Rows are locked in the order of ids, so that two processes do not deadlock. The commit is asynchronous: only a crash
  // of PostgreSQL can lose the last fraction of a second.
  const rows = [...latest.values()].sort((a, b) => a.activationId - b.activationId);
  // Arrays of numbers and times are written as PostgreSQL reads them: the driver looks at each element for what to escape.
  const ids = `{${rows.map(({ activationId }) => activationId).join()}}`;
  const times = `{${rows.map(({ at }) => at.toISOString()).join()}}`;
  const versions = rows.map(({ appVersion }) => appVersion);
  await db`
    with asynchronous as (select set_config('synchronous_commit', 'off', true)),
    locked as (
      select a.id, heartbeat.at, heartbeat.version
      from asynchronous,
        unnest(
          ${ids}::bigint[], ${times}::timestamptz[], ${versions}::text[]
        ) with ordinality as heartbeat (id, at, version, position)
      join activations a on a.id = heartbeat.id
      where a.last_heartbeat < heartbeat.at
      order by heartbeat.position
      for no key update of a
    ),
    counted as (
      insert into heartbeat_counts (bucket, slot, count)
      select date_bin('10 seconds', at, '2000-01-01'), pg_backend_pid() % 8, count(*)
      from locked
      group by 1, 2
      order by 1, 2
      on conflict on constraint heartbeat_counts_pkey do update
      set count = heartbeat_counts.count + excluded.count
    )
    update activations a
    set last_heartbeat = locked.at, app_version = coalesce(locked.version, a.app_version)
    from locked
    where a.id = locked.id`;
}

/** Heartbeats of the last minute. */
export async function countHeartbeats(ctx: Context): Promise<number> {
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select coalesce(sum(count), 0)::bigint as count
    from heartbeat_counts
    where bucket > ${ctx.now}::timestamptz - interval '1 minute' and bucket <= ${ctx.now}`;
  return count;
}

/**
 * Deletes the counts that `countHeartbeats` no longer reads, and returns them. Call it in the transaction that adds them
 * to the statistics.
 */
export async function consumeHeartbeatCounts(ctx: Context): Promise<{ at: Date; count: number }[]> {
  return await ctx.db<{ at: Date; count: number }[]>`
    delete from heartbeat_counts
    where bucket < ${ctx.now}::timestamptz - interval '2 minutes'
    returning bucket as at, count`;
}

/** Corrects heartbeats from before the database's clock was put back: later ones would be ignored. */
export async function correctHeartbeatsAhead(ctx: Context): Promise<void> {
  await ctx.db`
    update activations
    set last_heartbeat = ${ctx.now}
    where last_heartbeat > ${ctx.now}`;
}
