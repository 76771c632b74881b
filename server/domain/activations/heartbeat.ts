// Signs of life. They come by the million and change one column, so they are written many at a time.
import type { Db } from "../../../db/connect.ts";
import type { Context, Heartbeat, RefusedHeartbeats } from "../context.ts";
import { getValidationData } from "./validation_data.ts";
import { validate, type ValidationResult } from "./verify.ts";

/** A row of `heartbeat_counts`. */
export interface HeartbeatCountRow {
  bucket: Date;
  slot: number;
  count: number;
}

/** A row of `refused_heartbeats`. */
export interface RefusedHeartbeatRow {
  activationId: number;
  minute: Date;
  count: number;
}

/**
 * Takes a machine's sign of life, written when this returns, and tells the verdict of the moment.
 *
 * @returns `lastHeartbeat` is null when the machine has no active activation to note it on
 * @throws DomainError `INVALID_LICENSE`
 */
export async function recordHeartbeat(
  ctx: Context,
  input: { licenseKey: string; hardwareId: string; appVersion: string | null },
): Promise<ValidationResult & { lastHeartbeat: Date | null }> {
  const standing = await getValidationData(ctx, input.licenseKey, input.hardwareId);
  const { activation } = standing;
  if (!activation?.isActive) return { ...validate(ctx, standing), lastHeartbeat: null };
  await ctx.heartbeats.write({ activationId: activation.id, at: ctx.now, appVersion: input.appVersion });
  activation.lastHeartbeat = ctx.now.getTime();
  return { ...validate(ctx, standing), lastHeartbeat: ctx.now };
}

/** Writes many signs of life in one statement. A sign older than what is known changes nothing. */
export async function writeHeartbeats(db: Db, signs: Heartbeat[]): Promise<void> {
  // Always in the order of ids, so that two servers writing at once never wait for each other. The commit is not
  // waited for: a crash of PostgreSQL itself may cost the last fraction of a second of these, a crash of ours none.
  const latest = new Map<number, Heartbeat>();
  for (const sign of signs) {
    const known = latest.get(sign.activationId);
    if (!known || known.at <= sign.at) latest.set(sign.activationId, sign);
  }
  const rows = [...latest.values()].sort((a, b) => a.activationId - b.activationId);
  await db`
    with settled as (select set_config('synchronous_commit', 'off', true)),
    signs as (
      select a.id, sign.at, sign.version
      from settled,
        unnest(
          ${rows.map((sign) => sign.activationId)}::bigint[],
          ${rows.map((sign) => sign.at.toISOString())}::timestamptz[],
          ${rows.map((sign) => sign.appVersion)}::text[]
        ) with ordinality as sign (id, at, version, place)
      join activations a on a.id = sign.id
      where a.last_heartbeat < sign.at
      order by sign.place
      for no key update of a
    ),
    counted as (
      insert into heartbeat_counts (bucket, slot, count)
      select date_bin('10 seconds', at, '2000-01-01'), pg_backend_pid() % 8, count(*)
      from signs
      group by 1, 2
      order by 1, 2
      on conflict on constraint heartbeat_counts_pkey do update
      set count = heartbeat_counts.count + excluded.count
    )
    update activations a
    set last_heartbeat = signs.at, app_version = coalesce(signs.version, a.app_version)
    from signs
    where a.id = signs.id`;
}

/** Signs of life within the last minute. */
export async function countHeartbeats(ctx: Context): Promise<number> {
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select coalesce(sum(count), 0)::bigint as count
    from heartbeat_counts
    where bucket > ${ctx.now}::timestamptz - interval '1 minute' and bucket <= ${ctx.now}`;
  return count;
}

/** Takes the counts that are no longer needed here, for the statistics; call it in their transaction. */
export async function takeHeartbeatCounts(ctx: Context): Promise<{ at: Date; count: number }[]> {
  return await ctx.db<{ at: Date; count: number }[]>`
    delete from heartbeat_counts
    where bucket < ${ctx.now}::timestamptz - interval '2 minutes'
    returning bucket as at, count`;
}

/** Notes heartbeats that were refused for coming too often. */
export async function recordRefusedHeartbeats(db: Db, refused: RefusedHeartbeats[]): Promise<void> {
  await db`
    insert into refused_heartbeats (activation_id, minute, count)
    select "activationId", date_trunc('minute', at), sum(count)
    from jsonb_to_recordset(${db.json(refused.map(({ at, ...sign }) => ({ ...sign, at: at.toISOString() })))})
      as refused ("activationId" bigint, at timestamptz, count integer)
    group by 1, 2
    order by 1, 2
    on conflict on constraint refused_heartbeats_pkey do update
    set count = refused_heartbeats.count + excluded.count`;
}

/** Forgets refusals older than a day. */
export async function pruneRefusedHeartbeats(ctx: Context): Promise<number> {
  const forgotten = await ctx.db`
    delete from refused_heartbeats
    where minute < ${ctx.now}::timestamptz - interval '1 day'`;
  return forgotten.count;
}
