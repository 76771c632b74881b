// Every job: its queue, how often it runs, and what it does. A job gets a context of the system and is safe to run
// twice, and in two processes at the same time.
import { deleteOldLinks, sendRequestedLinks } from "../server/domain/accounts/email_links.ts";
import { deleteExpiredSessions as deleteUserSessions } from "../server/domain/accounts/end_sessions.ts";
import {
  deleteOldPasswordLinks,
  sendRequestedPasswordLinks,
} from "../server/domain/administrators/password_links.ts";
import { deleteOldInvitations } from "../server/domain/administrators/invitations.ts";
import { deleteExpiredSessions as deleteAdministratorSessions } from "../server/domain/administrators/sessions.ts";
import { copyActivationTexts } from "../server/domain/activations/search_texts.ts";
import { detectAnomalies } from "../server/domain/anomalies/detect.ts";
import { pruneChanges } from "../db/changes.ts";
import type { Context } from "../server/domain/context.ts";
import { beginEventPartition } from "../server/domain/events/partitions.ts";
import { deleteExpiredAnswers } from "../server/domain/idempotency.ts";
import { deleteFinishedJobs } from "../server/domain/jobs/job.ts";
import { endLeases } from "../server/domain/activations/lapse.ts";
import { recordExpiries } from "../server/domain/licenses/expiry_events.ts";
import { changeScheduledLicenses } from "../server/domain/licenses/scheduled_changes.ts";
import { queueCustomerMails } from "../server/domain/mail/customers/queue_customer_mails.ts";
import { deleteOldMails } from "../server/domain/mail/mail.ts";
import { closeLapsedReservations, deleteEndedReservations } from "../server/domain/meters/close_lapsed.ts";
import type { QueueName } from "../server/domain/monitoring/queues.ts";
import { rollUpStatistics } from "../server/domain/monitoring/statistics.ts";
import { keepExpiriesAhead } from "../server/domain/monitoring/expiries_ahead.ts";
import { keepVersionsInUse } from "../server/domain/monitoring/versions.ts";
import { deleteExpiredSeats } from "../server/domain/seats/end.ts";
import { deleteExpiredTickets } from "../server/domain/seats/tickets.ts";
import { recordThresholds } from "../server/domain/usage/usage.ts";
import type { JobServices } from "./job_services.ts";
import { deliverWebhooks } from "./jobs/deliver_webhooks.ts";
import { followClock } from "./jobs/follow_clock.ts";
import { pruneHistory } from "./jobs/prune_history.ts";
import { relayEventsJob } from "./jobs/relay_events.ts";
import { runRequestedJobs } from "./jobs/run_requested_jobs.ts";
import { sendMails } from "./jobs/send_mail.ts";

/** What a job did, for the log. */
export type JobResult = Record<string, number | string>;

export interface Job {
  name: string;
  queue: QueueName;
  /** Milliseconds between runs, each by whichever worker is free; null: it runs when it is enqueued. */
  every: number | null;
  /** Whether several runs may go on at once, because each takes work that no other has. */
  isShared?: boolean;
  /** Whether it may take minutes. It then has connections of its own, and larger limits. */
  takesLong?: boolean;
  /** @param subjectId the id it was enqueued for; 0 when it runs by the schedule */
  run(ctx: Context, services: JobServices, subjectId: number): Promise<JobResult>;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const jobs: Job[] = [
  // Deliveries
  { name: "relay_events", queue: "events", every: 200, run: relayEventsJob },
  { name: "deliver_webhooks", queue: "webhooks", every: null, run: deliverWebhooks },
  // Usage, expiry and monitoring
  {
    name: "check_usage",
    queue: "events",
    every: SECOND,
    run: async (ctx) => ({ crossed: await recordThresholds(ctx) }),
  },
  {
    name: "copy_search_texts",
    queue: "events",
    every: SECOND,
    takesLong: true,
    run: async (ctx) => ({ copied: await copyActivationTexts(ctx) }),
  },
  { name: "follow_clock", queue: "housekeeping", every: 10 * SECOND, run: followClock },
  {
    name: "check_expiry",
    queue: "housekeeping",
    every: MINUTE,
    takesLong: true,
    run: recordExpiries,
  },
  {
    name: "end_leases",
    queue: "housekeeping",
    every: 30 * SECOND,
    takesLong: true,
    run: async (ctx) => ({ lapsed: await endLeases(ctx) }),
  },
  {
    name: "change_scheduled_licenses",
    queue: "housekeeping",
    every: 5 * SECOND,
    run: changeScheduledLicenses,
  },
  {
    name: "detect_anomalies",
    queue: "housekeeping",
    every: 5 * MINUTE,
    takesLong: true,
    run: async (ctx) => ({ found: await detectAnomalies(ctx) }),
  },
  {
    name: "roll_up_statistics",
    queue: "housekeeping",
    every: MINUTE,
    takesLong: true,
    run: async (ctx) => ({ counted: await rollUpStatistics(ctx) }),
  },
  {
    name: "count_versions",
    queue: "housekeeping",
    every: 10 * MINUTE,
    takesLong: true,
    run: async (ctx) => ({ counted: await keepVersionsInUse(ctx) }),
  },
  {
    name: "count_expiries",
    queue: "housekeeping",
    every: 10 * MINUTE,
    takesLong: true,
    run: async (ctx) => ({ counted: await keepExpiriesAhead(ctx) }),
  },
  // What administrators and users requested
  {
    name: "run_requested_jobs",
    queue: "requests",
    every: SECOND,
    isShared: true,
    takesLong: true,
    run: runRequestedJobs,
  },
  {
    name: "send_requested_links",
    queue: "mail",
    every: SECOND,
    run: async (ctx, { publicUrl }) => {
      const users = await sendRequestedLinks(ctx, publicUrl);
      const administrators = await sendRequestedPasswordLinks(ctx, publicUrl);
      return {
        mailed: users.mailed + administrators.mailed,
        skipped: users.skipped + administrators.skipped,
      };
    },
  },
  {
    name: "queue_customer_mails",
    queue: "mail",
    every: SECOND,
    takesLong: true,
    run: async (ctx, { publicUrl, mailer }) => ({
      ...await queueCustomerMails(ctx, { publicUrl, isReady: mailer.isReady }),
    }),
  },
  { name: "send_mail", queue: "mail", every: SECOND, run: sendMails },
  // Deletion of what is no longer needed
  {
    name: "delete_expired_seats",
    queue: "housekeeping",
    every: MINUTE,
    takesLong: true,
    run: async (ctx) => ({
      deleted: await deleteExpiredSeats(ctx),
      tickets: await deleteExpiredTickets(ctx),
    }),
  },
  {
    name: "close_reservations",
    queue: "housekeeping",
    every: 10 * SECOND,
    run: async (ctx) => ({ corrected: await closeLapsedReservations(ctx, null) }),
  },
  {
    name: "delete_ended_reservations",
    queue: "housekeeping",
    every: 10 * MINUTE,
    takesLong: true,
    run: async (ctx) => ({ deleted: await deleteEndedReservations(ctx) }),
  },
  {
    name: "delete_old_changes",
    queue: "housekeeping",
    every: MINUTE,
    run: async (ctx) => ({ deleted: await pruneChanges(ctx) }),
  },
  {
    name: "delete_expired_answers",
    queue: "housekeeping",
    every: HOUR,
    takesLong: true,
    run: async (ctx) => ({ deleted: await deleteExpiredAnswers(ctx) }),
  },
  {
    name: "delete_finished_jobs",
    queue: "housekeeping",
    every: HOUR,
    takesLong: true,
    run: async (ctx) => ({ deleted: await deleteFinishedJobs(ctx) }),
  },
  {
    name: "delete_old_mails",
    queue: "housekeeping",
    every: HOUR,
    takesLong: true,
    run: async (ctx) => ({ deleted: await deleteOldMails(ctx) }),
  },
  {
    name: "delete_ended_sessions",
    queue: "housekeeping",
    every: HOUR,
    takesLong: true,
    run: async (ctx) => ({
      links: await deleteOldLinks(ctx) + await deleteOldPasswordLinks(ctx),
      users: await deleteUserSessions(ctx),
      administrators: await deleteAdministratorSessions(ctx),
      invitations: await deleteOldInvitations(ctx),
    }),
  },
  {
    name: "begin_event_partition",
    queue: "housekeeping",
    every: HOUR,
    run: async (ctx) => ({ begun: Number(await beginEventPartition(ctx)) }),
  },
  {
    name: "prune_history",
    queue: "housekeeping",
    every: HOUR,
    takesLong: true,
    run: pruneHistory,
  },
];

/**
 * Jobs that one worker process runs concurrently. There is one for each endpoint with due deliveries, and it mostly waits;
 * of endpoints that do not answer only some are tried at a time.
 */
export function concurrencyOf(queue: QueueName): number {
  return queue === "webhooks" ? 1000 : 4;
}
