// The rules by which something counts as trouble: what a worker measured around itself, and what the database knows.
import type { Context } from "../context.ts";
import type { Trouble } from "./alerts.ts";

/** What a worker measured. */
export interface Measured {
  /** The machine it runs on. */
  machine: string;
  loadPerCore: number;
  /** Jobs in each queue by how they stand; null when Redis does not answer. */
  queues: Record<string, Record<"waiting" | "active" | "delayed" | "failed", number>> | null;
  /** How long a question to the database took; milliseconds. */
  databaseTook: number;
  /** How long the database could not be reached until just now; milliseconds, 0 when it could. */
  databaseWasAway: number;
}

/** An endpoint that has failed for so long is trouble; milliseconds. */
const FAILING_FOR = 10 * 60_000;
/** An answer of the database that takes longer is trouble; milliseconds. */
const SLOW_DATABASE = 1000;

/** Everything that is wrong at the moment. */
export async function findTrouble(ctx: Context, measured: Measured): Promise<Trouble[]> {
  return [
    ...troubleAround(ctx, measured),
    ...await troubleWithWebhooks(ctx),
    ...await troubleWithAnomalies(ctx),
  ];
}

function* troubleAround(ctx: Context, measured: Measured): Generator<Trouble> {
  const { machine, loadPerCore, queues, databaseTook, databaseWasAway } = measured;
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
      message: `Redis does not answer on ${machine}; jobs wait, limits hold within each server only`,
    };
  }
  for (const [queue, { waiting }] of Object.entries(queues ?? {})) {
    if (waiting > ctx.settings.alertQueueBacklog) {
      yield {
        kind: "queue",
        subject: queue,
        severity: "warning",
        message: `${waiting} jobs wait in the queue ${queue}`,
      };
    }
  }
  if (databaseWasAway > 0) {
    yield {
      kind: "database",
      subject: machine,
      severity: "critical",
      message: `The database could not be reached from ${machine} for ${Math.ceil(databaseWasAway / 1000)} s`,
    };
  } else if (databaseTook > SLOW_DATABASE) {
    yield {
      kind: "database",
      subject: machine,
      severity: "warning",
      message: `The database takes ${Math.round(databaseTook)} ms to answer ${machine}`,
    };
  }
}

async function troubleWithWebhooks(ctx: Context): Promise<Trouble[]> {
  const rows = await ctx.db<
    { id: number; url: string; isActive: boolean; because: string | null; failing: boolean; late: number }[]
  >`
    select w.id, w.url, w.is_active, w.disabled_reason as because,
      coalesce(w.failing_since < ${new Date(ctx.now.getTime() - FAILING_FOR)}, false) as failing,
      (
        select count(*)
        from webhook_deliveries d
        where d.webhook_id = w.id and d.due_at < ${ctx.now}::timestamptz - interval '1 minute'
      ) as late
    from webhooks w
    where w.deleted_at is null and w.disabled_reason is distinct from 'person'
    order by w.id`;
  return rows.flatMap(({ id, url, isActive, because, failing, late }): Trouble[] => {
    const { host } = new URL(url);
    const subject = String(id);
    if (!isActive) {
      const why = because === "gone" ? "it answered that it is gone" : "it failed for five days";
      const message = `The webhook to ${host} was switched off: ${why}`;
      return [{ kind: "webhook", subject, severity: "critical", message }];
    }
    if (failing) {
      const message = `The webhook to ${host} has been failing for more than ten minutes`;
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

async function troubleWithAnomalies(ctx: Context): Promise<Trouble[]> {
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from anomalies
    where resolved_at is null`;
  if (count < ctx.settings.alertAnomalies) return [];
  return [{
    kind: "anomalies",
    subject: "",
    severity: "warning",
    message: `${count} anomalies wait to be resolved`,
  }];
}
