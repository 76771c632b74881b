// Looking for anomalies in what happened since one last looked. What was already resolved is not found again; what goes
// on while an anomaly is open is added to it.
import { type Context, inTransaction } from "../context.ts";
import { eventsFrom } from "../events/record.ts";
import { advanceJobCursor, lockJobCursor } from "../job_cursors.ts";
import type { AnomalyRow, Sighting } from "./anomaly.ts";
import { lookAtLicense, lookAtMachine, type Move } from "./patterns.ts";

const JOB = "detect_anomalies";
const DAY = 86_400_000;
/** How far back the first look goes. */
const FIRST_LOOK = 7 * DAY;
/** What commits late may have happened a little before one last looked. */
const OVERLAP = 10 * 60_000;

/**
 * Looks for anomalies.
 *
 * @returns how many new ones were found
 */
export function detectAnomalies(ctx: Context): Promise<number> {
  return inTransaction(ctx, async (ctx) => {
    // One at a time; a second worker waits here and then finds nothing new.
    const processedUntil = await lockJobCursor(ctx, JOB, new Date(ctx.now.getTime() - FIRST_LOOK));
    const since = new Date(processedUntil.getTime() - OVERLAP);
    const moves = await listMoves(ctx, since);
    const sightings = [
      ...groups(moves, ({ licenseId }) => licenseId).flatMap((some) => lookAtLicense(some, ctx.settings)),
      ...groups(moves, ({ machine }) => machine).flatMap((some) => lookAtMachine(some, ctx.settings)),
      ...await listRefused(ctx, since),
    ].filter(({ at }) => at > since);
    let found = 0;
    for (const sighting of sightings) if (await note(ctx, sighting)) found++;
    await advanceJobCursor(ctx, JOB);
    return found;
  });
}

function groups<Key>(moves: Move[], key: (move: Move) => Key): Move[][] {
  return [...Map.groupBy(moves, key).values()];
}

/** The moves of licenses and machines that moved often enough to be worth a look. */
async function listMoves(ctx: Context, since: Date): Promise<Move[]> {
  const { anomalyMachinesPerHour, anomalyNetworksPerDay, anomalyMachineChangesPerDay } = ctx.settings;
  const often = Math.min(anomalyMachinesPerHour, anomalyNetworksPerDay, anomalyMachineChangesPerDay) + 1;
  return await ctx.db<Move[]>`
    with moves as materialized (
      select id, occurred_at as at, type = 'license.activated' as came, license_id, customer_id, activation_id,
        after ->> 'hardwareId' as machine, after ->> 'network' as network
      from events
      where type in ('license.activated', 'license.deactivated')
        and occurred_at > ${new Date(since.getTime() - DAY)} and occurred_at <= ${ctx.now}
    )
    select at, came, license_id, customer_id, activation_id, machine, network
    from moves
    where license_id in (select license_id from moves where came group by license_id having count(*) >= ${often})
      or machine in (
        select machine
        from moves
        where came
        group by machine
        having count(distinct license_id) >= ${ctx.settings.anomalyLicensesPerMachine}
      )
    order by at, id`;
}

/** Activations whose heartbeats were refused too often within ten minutes. */
async function listRefused(ctx: Context, since: Date): Promise<Sighting[]> {
  const rows = await ctx.db<
    { activationId: number; licenseId: number; customerId: number; count: number; at: Date }[]
  >`
    with counted as (
      select activation_id, minute,
        sum(count) over (
          partition by activation_id order by minute range between interval '9 minutes' preceding and current row
        ) as count
      from refused_heartbeats
      where minute > ${since}::timestamptz - interval '10 minutes' and minute <= ${ctx.now}
    )
    select distinct on (c.activation_id) c.activation_id, a.license_id, l.customer_id, c.count::integer as count,
      c.minute + interval '1 minute' as at
    from counted c
    join activations a on a.id = c.activation_id
    join licenses l on l.id = a.license_id
    where c.count > ${ctx.settings.anomalyRefusedHeartbeats}
    order by c.activation_id, c.minute desc`;
  return rows.map(({ count, ...row }) => ({
    ...row,
    kind: "excessive_heartbeats",
    subject: `activation:${row.activationId}`,
    facts: { refusedWithinTenMinutes: count },
  }));
}

/** Opens an anomaly, or adds to the one that is open; says whether it is new. */
async function note(ctx: Context, sighting: Sighting): Promise<boolean> {
  const { kind, subject, licenseId, customerId, activationId, at } = sighting;
  const facts = ctx.db.json(sighting.facts);
  const [open] = await ctx.db<Pick<AnomalyRow, "id">[]>`
    update anomalies
    set last_seen_at = greatest(last_seen_at, ${at}), facts = ${facts}
    where kind = ${kind} and subject = ${subject} and resolved_at is null
    returning id`;
  if (open) return false;
  const [found] = await ctx.db<Pick<AnomalyRow, "id">[]>`
    with found as (
      insert into anomalies (
        kind, subject, license_id, customer_id, activation_id, facts, found_at, last_seen_at
      )
      select ${kind}, ${subject}, ${licenseId}::bigint, ${customerId}::bigint, ${activationId}::bigint,
        ${facts}::jsonb, ${ctx.now}::timestamptz, ${at}::timestamptz
      where not exists (
        select from anomalies
        where kind = ${kind} and subject = ${subject} and coalesce(resolved_at, last_seen_at) >= ${at}
      )
      on conflict do nothing
      returning *
    ),
    recorded as (${
    eventsFrom(
      ctx,
      "activity.suspicious",
      ctx.db`
        select
          id as subject_id, license_id, customer_id, activation_id,
          null::jsonb as before, facts || jsonb_build_object('kind', kind, 'subject', subject) as after
        from found`,
    )
  })
    select id
    from found`;
  return found !== undefined;
}
