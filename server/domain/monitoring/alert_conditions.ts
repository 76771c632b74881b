// The conditions of alerts: what a worker measured, and what the database contains.
import type { Context } from "../context.ts";
import { getFailedMails, getRefusedMails } from "../mail/failed_mails.ts";
import type { AlertCondition } from "./alerts.ts";
import { clockConditions } from "./process_clocks.ts";

/** What a worker measured for a health check. */
export interface Measurements {
  /** The machine it runs on. */
  machine: string;
  loadPerCore: number;
  /** Jobs of each queue by state; null when Redis does not answer. */
  queues: Record<string, Record<"waiting" | "active" | "delayed" | "failed", number>> | null;
  /** Duration of a query; milliseconds. */
  databaseMs: number;
  /** How long the database could not be reached before this check; milliseconds, 0 when it could. */
  databaseDownMs: number;
}

/** An endpoint that has failed for so long raises an alert; milliseconds. */
const MAX_FAILING = 10 * 60_000;
/** A query that takes longer raises an alert; milliseconds. */
const MAX_DATABASE_MS = 1000;

/** Every condition that holds at the moment. */
export async function listConditions(ctx: Context, measured: Measurements): Promise<AlertCondition[]> {
  return [
    ...measuredConditions(ctx, measured),
    ...await webhookConditions(ctx),
    ...await anomalyConditions(ctx),
    ...await mailConditions(ctx),
    ...await clockConditions(ctx),
  ];
}

function* measuredConditions(ctx: Context, measured: Measurements): Generator<AlertCondition> {
  const { machine, loadPerCore, queues, databaseMs, databaseDownMs } = measured;
  if (loadPerCore > ctx.settings.alertLoadPerCore) {
    yield {
      kind: "load",
      subject: machine,
      severity: "warning",
      message: `High CPU usage detected: ${loadPerCore.toFixed(1)} per core on ${machine}`,
    };
  }
  if (queues === null) {
    yield {
      kind: "redis",
      subject: machine,
      severity: "critical",
      message: `Redis is not responding on ${machine}; jobs are queued, rate limits apply per server`,
    };
  }
  for (const [queue, { waiting }] of Object.entries(queues ?? {})) {
    if (waiting > ctx.settings.alertQueueBacklog) {
      yield {
        kind: "queue",
        subject: queue,
        severity: "warning",
        message: `${waiting} jobs are waiting in the queue ${queue}`,
      };
    }
  }
  if (databaseDownMs > 0) {
    yield {
      kind: "database",
      subject: machine,
      severity: "critical",
      message: `The database could not be reached from ${machine} for ${Math.ceil(databaseDownMs / 1000)} s`,
    };
  } else if (databaseMs > MAX_DATABASE_MS) {
    yield {
      kind: "database",
      subject: machine,
      severity: "warning",
      message: `The database takes ${Math.round(databaseMs)} ms to respond to ${machine}`,
    };
  }
}

async function webhookConditions(ctx: Context): Promise<AlertCondition[]> {
  const rows = await ctx.db<
    { id: number; url: string; isActive: boolean; because: string | null; failing: boolean; late: number }[]
  >`
    select w.id, w.url, w.is_active, w.disabled_reason as because,
      coalesce(w.failing_since < ${new Date(ctx.now.getTime() - MAX_FAILING)}, false) as failing,
      (
        select count(*)
        from webhook_deliveries d
        where d.webhook_id = w.id and d.due_at < ${ctx.now}::timestamptz - interval '1 minute'
      ) as late
    from webhooks w
    where w.deleted_at is null and w.disabled_reason is distinct from 'person'
    order by w.id`;
  return rows.flatMap(({ id, url, isActive, because, failing, late }): AlertCondition[] => {
    const { host } = new URL(url);
    const subject = String(id);
    if (!isActive) {
      const cause = because === "gone" ? "endpoint returned 410 Gone" : "deliveries failed for 5 days";
      const message = `Webhook ${host} was disabled: ${cause}`;
      return [{ kind: "webhook", subject, severity: "critical", message }];
    }
    if (failing) {
      const message = `Webhook ${host} has been failing for more than 10 minutes`;
      return [{ kind: "webhook", subject, severity: "warning", message }];
    }
    if (late <= ctx.settings.alertQueueBacklog) return [];
    return [{
      kind: "queue",
      subject: `webhook ${id}`,
      severity: "warning",
      message: `${late} deliveries to ${host} are late`,
    }];
  });
}

async function anomalyConditions(ctx: Context): Promise<AlertCondition[]> {
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from anomalies
    where resolved_at is null`;
  if (count < ctx.settings.alertAnomalies) return [];
  return [{
    kind: "anomalies",
    subject: "",
    severity: "warning",
    message: `${count} unresolved anomalies`,
  }];
}

/** Mail that was given up in the last day, refused by the mail server or not sent in time; and a mail server that accepts none. */
async function mailConditions(ctx: Context): Promise<AlertCondition[]> {
  const conditions: AlertCondition[] = [];
  const { count, last } = await getFailedMails(ctx);
  if (last) {
    conditions.push({
      kind: "mail",
      subject: "",
      severity: "warning",
      message: `${count === 1 ? "1 email" : `${count} emails`} could not be delivered in the last day, ` +
        `the last one to ${last.recipient}: ${last.reason}`,
    });
  }
  const refused = await getRefusedMails(ctx);
  if (refused.reason !== null) {
    conditions.push({
      kind: "mail",
      subject: "server",
      severity: "warning",
      message: `The mail server accepts no mail: ${refused.reason}. ` +
        `${
          refused.count === 1 ? "1 email waits" : `${refused.count} emails wait`
        }; check SMTP_URL and the server`,
    });
  }
  return conditions;
}
