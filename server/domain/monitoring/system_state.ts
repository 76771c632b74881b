// What waits in the database, how late it is, and what is wrong: for the metrics of workers. The whole system, whichever
// process reads it.
import type { Context } from "../context.ts";
import type { EventReaderName } from "../events/readers.ts";
import type { AlertKind, Severity } from "./alerts.ts";

/** The cursor of backups: when the newest was begun. */
export const BACKUP_JOB = "backup";
/** What can wait. */
export const backlogNames = ["deliveries", "mails", "caused_mails", "requested_jobs"] as const;
/** An endpoint that is enabled and answers, one that has failed since its last success, one disabled for that. */
export const webhookStates = ["well", "failing", "disabled"] as const;

export interface SystemState {
  /**
   * What is due and not done, and how long the oldest has been due; seconds. Deliveries to endpoints that do not answer
   * are not counted.
   */
  backlogs: { name: typeof backlogNames[number]; waiting: number; oldest: number }[];
  /** The age of the oldest event that a reader has not read; seconds, 0 when it has read all. */
  readers: { name: EventReaderName; lag: number }[];
  webhooks: { state: typeof webhookStates[number]; count: number }[];
  alerts: { kind: AlertKind; severity: Severity; count: number }[];
  /** For how long a scheduled job has been due, seconds, and its failures since it last succeeded. */
  jobs: { job: string; overdue: number; failures: number }[];
  /** The age of the key that signs entitlement tokens; seconds, null before the first. */
  signingKeyAge: number | null;
  /** The age of the newest backup by `deno task latchkey backup`; seconds, null before the first. */
  backupAge: number | null;
}

/** Reads the state of the system. */
export async function getSystemState(ctx: Pick<Context, "db" | "now">): Promise<SystemState> {
  const { db, now } = ctx;
  const ageOf = (column: string) =>
    db`greatest(0, coalesce(extract(epoch from ${now}::timestamptz - min(${db(column)})), 0))::float8`;
  const [backlogs, readers, webhooks, alerts, jobs, [key], [backup]] = await Promise.all([
    db<SystemState["backlogs"]>`
      select 'deliveries' as name, count(*) as waiting, ${ageOf("due_at")} as oldest
      from webhook_deliveries d
      join webhooks w on w.id = d.webhook_id
      left join webhook_states s on s.webhook_id = w.id
      where w.is_active and w.deleted_at is null and coalesce(s.unanswered, 0) = 0 and d.due_at <= ${now}
      union all
      select 'mails', count(*), ${ageOf("next_attempt_at")}
      from mails
      where event_uid is null and sent_at is null and failed_at is null and next_attempt_at <= ${now}
      union all
      select 'caused_mails', count(*), ${ageOf("next_attempt_at")}
      from mails
      where event_uid is not null and sent_at is null and failed_at is null and next_attempt_at <= ${now}
      union all
      select 'requested_jobs', count(*), ${ageOf("requested_at")}
      from jobs
      where state = 'waiting'`,
    db<SystemState["readers"]>`
      select r.name, greatest(0, coalesce(extract(epoch from ${now}::timestamptz - next.occurred_at), 0))::float8 as lag
      from event_readers r
      left join lateral (
        select e.occurred_at
        from events e
        where (e.transaction_id, e.id) > (r.transaction_id, r.event_id) and e.id > r.restored_up_to
        order by e.transaction_id, e.id
        limit 1
      ) next on true`,
    db<SystemState["webhooks"]>`
      select
        case when not is_active then 'disabled' when failing_since is not null then 'failing' else 'well' end as state,
        count(*) as count
      from webhooks
      where deleted_at is null and disabled_reason is distinct from 'person'
      group by 1`,
    db<SystemState["alerts"]>`
      select kind, severity, count(*) as count
      from alerts
      where cleared_at is null
      group by kind, severity`,
    db<SystemState["jobs"]>`
      select job, failures,
        greatest(0, extract(epoch from ${now}::timestamptz - next_run_at))::float8 as overdue
      from job_schedules`,
    db<{ age: number | null }[]>`
      select extract(epoch from ${now}::timestamptz - min(created_at))::float8 as age
      from signing_keys
      where retired_at is null and not is_announced`,
    db<{ age: number }[]>`
      select extract(epoch from ${now}::timestamptz - processed_until)::float8 as age
      from job_cursors
      where job = ${BACKUP_JOB}`,
  ]);
  return {
    backlogs,
    readers,
    webhooks,
    alerts,
    jobs,
    signingKeyAge: key?.age ?? null,
    backupAge: backup?.age ?? null,
  };
}
