// Detecting anomalies in the events since the last run. A pattern that continues while its anomaly is open updates it, and
// one that was resolved is detected again only when it continues.
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { advanceJobCursor, lockJobCursor } from "../job_cursors.ts";
import { type AnomalyRow, type DetectedAnomaly, severityOf } from "./anomaly.ts";
import {
  detectAlternation,
  detectOnLicense,
  detectOnMachine,
  type MachineChange,
  type Rebinding,
} from "./patterns.ts";

const JOB = "detect_anomalies";
const DAY = 86_400_000;
/** The period of the first run. */
const FIRST_PERIOD = 7 * DAY;
/** Events of transactions that commit late are older than the last run. */
const OVERLAP = 10 * 60_000;

/**
 * Detects anomalies.
 *
 * @returns the number of new ones
 */
export function detectAnomalies(ctx: Context): Promise<number> {
  return inTransaction(ctx, async (ctx) => {
    // Runs are serialised: a second worker waits for this lock and then finds nothing new.
    const processedUntil = await lockJobCursor(ctx, JOB, new Date(ctx.now.getTime() - FIRST_PERIOD));
    const since = new Date(processedUntil.getTime() - OVERLAP);
    const changes = await listChanges(ctx, since);
    const detected = [
      ...groups(changes, ({ licenseId }) => licenseId).flatMap((group) =>
        detectOnLicense(group, ctx.settings)
      ),
      ...groups(changes, ({ machine }) => machine).flatMap((group) => detectOnMachine(group, ctx.settings)),
      ...groups(await listRebindings(ctx, since), ({ activationId }) => activationId).flatMap((group) =>
        detectAlternation(group, ctx.settings)
      ),
      ...await listRefused(ctx, since),
      ...await listClones(ctx, since),
    ].filter(({ at }) => at > since);
    let found = 0;
    for (const anomaly of detected) if (await recordAnomaly(ctx, anomaly)) found++;
    await advanceJobCursor(ctx, JOB);
    return found;
  });
}

function groups<Change, Key>(changes: Change[], key: (change: Change) => Key): Change[][] {
  return [...Map.groupBy(changes, key).values()];
}

/** The changes of licenses and machines that have enough of them to match a pattern. */
async function listChanges(ctx: Context, since: Date): Promise<MachineChange[]> {
  const { anomalyMachinesPerHour, anomalyNetworksPerDay, anomalyMachineChangesPerDay } = ctx.settings;
  const minimum = Math.min(anomalyMachinesPerHour, anomalyNetworksPerDay, anomalyMachineChangesPerDay) + 1;
  return await ctx.db<MachineChange[]>`
    with changes as materialized (
      select id, occurred_at as at, type = 'license.activated' as is_activation, license_id, customer_id, activation_id,
        after ->> 'hardwareId' as machine, after ->> 'network' as network
      from events
      where type in ('license.activated', 'license.deactivated')
        and occurred_at > ${new Date(since.getTime() - DAY)} and occurred_at <= ${ctx.now}
    )
    select at, is_activation, license_id, customer_id, activation_id, machine, network
    from changes
    where license_id in (select license_id from changes where is_activation group by license_id having count(*) >= ${minimum})
      or machine in (
        select machine
        from changes
        where is_activation
        group by machine
        having count(distinct license_id) >= ${ctx.settings.anomalyLicensesPerMachine}
      )
    order by at, id`;
}

/** The rebindings of activations that have enough of them to match a pattern. */
async function listRebindings(ctx: Context, since: Date): Promise<Rebinding[]> {
  return await ctx.db<Rebinding[]>`
    with rebindings as materialized (
      select id, occurred_at as at, license_id, customer_id, activation_id, before ->> 'hardwareId' as earlier,
        after ->> 'hardwareId' as machine,
        count(*) over (partition by activation_id) as count
      from events
      where type = 'activation.rebound'
        and occurred_at > ${new Date(since.getTime() - DAY)} and occurred_at <= ${ctx.now}
    )
    select at, license_id, customer_id, activation_id, earlier, machine
    from rebindings
    where count > ${ctx.settings.anomalyMachineChangesPerDay}
    order by at, id`;
}

/** Activations whose heartbeats were refused too often within ten minutes. */
async function listRefused(ctx: Context, since: Date): Promise<DetectedAnomaly[]> {
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
    threshold: ctx.settings.anomalyRefusedHeartbeats,
  }));
}

/** Activations whose license files were copied; each copy is recorded once an hour. */
async function listClones(ctx: Context, since: Date): Promise<DetectedAnomaly[]> {
  const rows = await ctx.db<
    { activationId: number; licenseId: number; customerId: number; count: number; at: Date }[]
  >`
    select activation_id, license_id, customer_id, count(*)::integer as count, max(occurred_at) as at
    from events
    where type = 'license_file.cloned'
      and occurred_at > ${new Date(since.getTime() - DAY)} and occurred_at <= ${ctx.now}
    group by activation_id, license_id, customer_id`;
  return rows.map(({ count, ...row }) => ({
    ...row,
    kind: "license_cloned",
    subject: `activation:${row.activationId}`,
    facts: { copiesWithinADay: count },
    // One is enough.
    threshold: 1,
  }));
}

/**
 * Opens an anomaly, or updates the open one.
 *
 * @returns whether it is new
 */
async function recordAnomaly(ctx: Context, anomaly: DetectedAnomaly): Promise<boolean> {
  const { kind, subject, licenseId, customerId, activationId, threshold, at } = anomaly;
  const severity = severityOf(anomaly);
  const facts = ctx.db.json(anomaly.facts);
  const [open] = await ctx.db<Pick<AnomalyRow, "id">[]>`
    update anomalies
    set last_seen_at = greatest(last_seen_at, ${at}), facts = ${facts}, threshold = ${threshold}, severity = ${severity}
    where kind = ${kind} and subject = ${subject} and resolved_at is null
    returning id`;
  if (open) return false;
  const [found] = await ctx.db<Pick<AnomalyRow, "id">[]>`
    insert into anomalies (
      kind, subject, license_id, customer_id, activation_id, facts, threshold, severity, found_at, last_seen_at
    )
    select ${kind}, ${subject}, ${licenseId}::bigint,
      coalesce((select merged_into_id from customers where id = ${customerId}), ${customerId}::bigint),
      ${activationId}::bigint,
      ${facts}::jsonb, ${threshold}::integer, ${severity}::text, ${ctx.now}::timestamptz, ${at}::timestamptz
    where not exists (
      select from anomalies
      where kind = ${kind} and subject = ${subject} and coalesce(resolved_at, last_seen_at) >= ${at}
    )
    on conflict do nothing
    returning id`;
  if (!found) return false;
  await recordEvent(ctx, {
    type: "activity.suspicious",
    subjectId: found.id,
    licenseId: licenseId ?? undefined,
    customerId: customerId ?? undefined,
    activationId: activationId ?? undefined,
    after: { ...anomaly.facts, kind, subject, severity },
  });
  return true;
}
