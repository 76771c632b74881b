// Alerts: conditions that need an owner. One alert is open for each kind and subject from when its condition is first
// observed until it has not been observed for a while. A mail says that it was raised, another that it was resolved.
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import { mailAlert } from "./mail_alert.ts";

export const severities = ["warning", "critical"] as const;
export type Severity = typeof severities[number];

/** Every kind, each with a paragraph in docs/operations/runbook.md. */
export const alertKinds = [
  "load",
  "redis",
  "queue",
  "database",
  "webhook",
  "anomalies",
  "mail",
  "clock",
] as const;
export type AlertKind = typeof alertKinds[number];

/** A row of `alerts`. */
export interface AlertRow {
  id: number;
  kind: AlertKind;
  subject: string;
  severity: Severity;
  message: string;
  raisedAt: Date;
  lastSeenAt: Date;
  clearedAt: Date | null;
}

/** A condition that holds at a moment. */
export type AlertCondition = Pick<AlertRow, "kind" | "subject" | "severity" | "message">;

/** An alert is cleared when its condition was not observed for so long; milliseconds. */
const CLEAR_AFTER = 90_000;
/** The longest list. */
const LIMIT = 100;

/**
 * Raises alerts for new conditions, updates those that still hold, and clears those no longer observed. Several workers call
 * it, each with the conditions that it observes.
 *
 * @param page the address of the panel's page with the alerts, for the mail; null where it is not known
 * @returns how many were raised and cleared
 */
export function updateAlerts(
  ctx: Context,
  conditions: AlertCondition[],
  page: string | null = null,
): Promise<{ raised: number; cleared: number }> {
  return inTransaction(ctx, async (ctx) => {
    let raised = 0;
    // Always in the same order, so that two workers do not deadlock.
    const inOrder = conditions.toSorted((a, b) =>
      `${a.kind}:${a.subject}` < `${b.kind}:${b.subject}` ? -1 : 1
    );
    for (const condition of inOrder) if (await raise(ctx, condition, page)) raised++;
    const cleared = await ctx.db<AlertRow[]>`
      update alerts
      set cleared_at = ${ctx.now}
      where cleared_at is null and last_seen_at < ${new Date(ctx.now.getTime() - CLEAR_AFTER)}
      returning *`;
    for (const alert of cleared) {
      const { id, kind, subject, message } = alert;
      await recordEvent(ctx, {
        type: "alert.cleared",
        subjectId: id,
        after: { kind, subject, message },
      });
      await mailAlert(ctx, "alertResolved", alert, page);
    }
    return { raised, cleared: cleared.length };
  });
}

async function raise(
  ctx: Context,
  { kind, subject, severity, message }: AlertCondition,
  page: string | null,
): Promise<boolean> {
  const [alert] = await ctx.db<(AlertRow & { isNew: boolean })[]>`
    insert into alerts (kind, subject, severity, message, raised_at, last_seen_at)
    values (${kind}, ${subject}, ${severity}, ${message}, ${ctx.now}, ${ctx.now})
    on conflict (kind, subject) where cleared_at is null do update
    set
      last_seen_at = greatest(alerts.last_seen_at, excluded.last_seen_at), message = excluded.message,
      severity = excluded.severity
    returning *, xmax = 0 as is_new`;
  if (!alert.isNew) return false;
  await recordEvent(ctx, {
    type: "alert.raised",
    subjectId: alert.id,
    after: { kind, subject, severity, message },
  });
  await mailAlert(ctx, "alertRaised", alert, page);
  return true;
}

/** Alerts, the newest first; only open ones without `all`. */
export async function listAlerts(ctx: Context, options: { all?: boolean } = {}): Promise<AlertRow[]> {
  requireRole(ctx, "viewer");
  return await ctx.db<AlertRow[]>`
    select *
    from alerts
    where ${options.all ?? false}::boolean or cleared_at is null
    order by raised_at desc, id desc
    limit ${LIMIT}`;
}

/** Deletes alerts that were cleared before the retention setting; returns how many. */
export async function pruneAlerts(ctx: Context): Promise<number> {
  const { keepAlertsFor } = ctx.settings;
  if (keepAlertsFor === 0) return 0;
  const pruned = await ctx.db`
    delete from alerts
    where cleared_at < ${ctx.now}::timestamptz - make_interval(days => ${keepAlertsFor})`;
  return pruned.count;
}

/** Corrects alerts from before the database's clock was put back: they would not be cleared until then. */
export async function correctAlertsAhead(ctx: Context): Promise<void> {
  await ctx.db`
    update alerts
    set raised_at = least(raised_at, ${ctx.now}), last_seen_at = ${ctx.now}
    where cleared_at is null and last_seen_at > ${ctx.now}`;
}
