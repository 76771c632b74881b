// What moves the metrics of readiness and of the whole system, which are read from the database and from Redis.
import { Queue } from "bullmq";
import { advanceJobCursor } from "../../server/domain/job_cursors.ts";
import { BACKUP_JOB } from "../../server/domain/monitoring/system_state.ts";
import { QUEUE_PREFIX } from "../../server/domain/monitoring/queues.ts";
import { getSigningKey } from "../../server/domain/signing/signing_key.ts";
import { makeLicense } from "./fixtures.ts";
import type { TestServer } from "./server.ts";
import { queueTextMail } from "./text_mail.ts";

export type Program = "server" | "worker";
export type Act = () => unknown;

export interface Move {
  programs: Program[];
  /** A series of the metric. */
  series: string;
  act: Act;
  /** The change that is expected; by default any increase. */
  moves?(before: number, after: number): boolean;
  /** What ends the action, once the metric has been seen to move. */
  end?: Act;
}

/** The actions that move them, by metric. */
export function systemMoves(server: TestServer): Record<string, Move[]> {
  let end: Act = () => {};
  const addLateMail = async () => {
    // The worker of the tests has no mail server.
    const ctx = await server.ctx(new Date(Date.now() - 3_600_000));
    await queueTextMail(ctx, { to: "late@example.com", subject: "Late", text: "Late" });
  };
  return {
    latchkey_ready: [{
      programs: ["server"],
      series: 'latchkey_ready{check="migrations"}',
      moves: (_before, after) => after === 0,
      async act() {
        const { db, readiness } = server.server.services;
        const [{ name, hash }] = await server.db<{ name: string; hash: string }[]>`
        delete from migrations
        where name = (select max(name) from migrations)
        returning name, hash`;
        await readiness.check();
        end = () => db`insert into migrations (name, hash) values (${name}, ${hash})`;
      },
      end: () => end(),
    }],
    latchkey_backlog: [{ programs: ["worker"], series: 'latchkey_backlog{name="mails"}', act: addLateMail }],
    latchkey_backlog_oldest_seconds: [{
      programs: ["worker"],
      series: 'latchkey_backlog_oldest_seconds{name="mails"}',
      act: addLateMail,
      moves: (_before, after) => after > 3000,
    }],
    latchkey_event_reader_lag_seconds: [{
      programs: ["worker"],
      series: 'latchkey_event_reader_lag_seconds{reader="webhooks"}',
      async act() {
        // A worker that reads in this moment holds the row.
        const connection = await server.db.reserve();
        await connection.unsafe("begin; select from event_readers for update");
        await makeLicense(await server.ctx(new Date(Date.now() - 3_600_000)));
        end = async () => {
          await connection.unsafe("rollback");
          connection.release();
        };
      },
      // Another event of the worker itself may be the first that is not read.
      moves: (_before, after) => after > 1,
      end: () => end(),
    }],
    latchkey_webhooks: [{
      programs: ["worker"],
      series: 'latchkey_webhooks{state="failing"}',
      act: () =>
        server.db`
        insert into webhooks (url, event_types, headers, secret, failing_since, created_at, updated_at)
        values ('http://127.0.0.1:1/', '{alert.raised}', '', '', now(), now(), now())`,
    }],
    latchkey_open_alerts: [{
      programs: ["worker"],
      series: 'latchkey_open_alerts{kind="load",severity="critical"}',
      act: () =>
        server.db`
        insert into alerts (kind, subject, severity, message, raised_at, last_seen_at)
        values ('load', 'a machine', 'critical', 'A message', now(), now() + interval '1 hour')`,
    }],
    latchkey_job_overdue_seconds: [{
      programs: ["worker"],
      series: 'latchkey_job_overdue_seconds{job="check_expiry"}',
      act: () =>
        server.db`
        update job_schedules
        set next_run_at = next_run_at - interval '1 minute'
        where job = 'check_expiry'`,
      moves: (_before, after) => after >= 0,
    }],
    latchkey_job_failures: [{
      programs: ["worker"],
      series: 'latchkey_job_failures{job="prune_history"}',
      act: () =>
        server.db`
        update job_schedules
        set failures = failures + 1
        where job = 'prune_history'`,
    }],
    latchkey_signing_key_age_seconds: [{
      programs: ["worker"],
      series: "latchkey_signing_key_age_seconds",
      async act() {
        await getSigningKey(await server.ctx(new Date(Date.now() - 3_600_000)), null);
      },
    }],
    latchkey_backup_age_seconds: [{
      programs: ["worker"],
      series: "latchkey_backup_age_seconds",
      act: () => advanceJobCursor({ db: server.db, now: new Date(Date.now() - 3_600_000) }, BACKUP_JOB),
    }],
    latchkey_queue_oldest_seconds: [{
      programs: ["worker"],
      series: 'latchkey_queue_oldest_seconds{queue="housekeeping"}',
      async act() {
        const housekeeping = new Queue("housekeeping", {
          connection: { url: server.redisUrl },
          prefix: QUEUE_PREFIX,
        });
        await housekeeping.pause();
        await housekeeping.add("unknown", {}, { timestamp: Date.now() - 3_600_000 });
        end = async () => {
          await housekeeping.resume();
          await housekeeping.close();
        };
      },
      moves: (_before, after) => after > 3000,
      end: () => end(),
    }],
  };
}
