// Every queue, every job on it, and when it runs: the one table of what happens by itself. A job is handed a context
// and does one thing; it is safe to run twice, and on two machines at once.
import type { Context } from "../server/domain/context.ts";
import { answerLinkRequestsJob } from "./jobs/answer_link_requests.ts";
import { clearDeadSeatsJob } from "./jobs/clear_dead_seats.ts";
import { deliverWebhooksJob } from "./jobs/deliver_webhooks.ts";
import { detectAnomaliesJob } from "./jobs/detect_anomalies.ts";
import { forgetAnswersJob } from "./jobs/forget_answers.ts";
import { doRequestedJobs } from "./jobs/do_requested_jobs.ts";
import { forgetJobsJob } from "./jobs/forget_jobs.ts";
import { forgetMailsJob } from "./jobs/forget_mails.ts";
import { noticeUsageJob } from "./jobs/notice_usage.ts";
import { pruneHistoryJob } from "./jobs/prune_history.ts";
import { relayEventsJob } from "./jobs/relay_events.ts";
import { rollUpStatisticsJob } from "./jobs/roll_up_statistics.ts";
import { forgetSignInsJob } from "./jobs/forget_sign_ins.ts";
import { sendMailJob } from "./jobs/send_mail.ts";
import { sweepExpiriesJob } from "./jobs/sweep_expiries.ts";
import type { JobServices } from "./job_context.ts";

/** What a job did, for the log. */
export type Outcome = Record<string, number | string>;

export interface Job {
  name: string;
  /** Runs once in so many milliseconds, by whichever worker is free; null for a job that is woken. */
  every: number | null;
  /** How often it is tried again when it fails, at growing distances. */
  attempts: number;
  /** @param subject the id of what it was woken for; 0 when it runs by itself */
  run(ctx: Context, outside: JobServices, subject: number): Promise<Outcome>;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export const queues: Record<string, Job[]> = {
  events: [
    { name: "relay_events", every: 200, attempts: 1, run: relayEventsJob },
    { name: "notice_usage", every: SECOND, attempts: 1, run: noticeUsageJob },
  ],
  webhooks: [
    { name: "deliver_webhooks", every: null, attempts: 1, run: deliverWebhooksJob },
  ],
  housekeeping: [
    { name: "clear_dead_seats", every: MINUTE, attempts: 3, run: clearDeadSeatsJob },
    { name: "forget_answers", every: 60 * MINUTE, attempts: 3, run: forgetAnswersJob },
    { name: "forget_jobs", every: 60 * MINUTE, attempts: 3, run: forgetJobsJob },
    { name: "sweep_expiries", every: MINUTE, attempts: 3, run: sweepExpiriesJob },
    { name: "detect_anomalies", every: 5 * MINUTE, attempts: 3, run: detectAnomaliesJob },
    { name: "roll_up_statistics", every: MINUTE, attempts: 3, run: rollUpStatisticsJob },
    { name: "prune_history", every: 60 * MINUTE, attempts: 3, run: pruneHistoryJob },
    { name: "forget_mails", every: 60 * MINUTE, attempts: 3, run: forgetMailsJob },
    { name: "forget_sign_ins", every: 60 * MINUTE, attempts: 3, run: forgetSignInsJob },
  ],
  requests: [
    { name: "do_requested_jobs", every: SECOND, attempts: 1, run: doRequestedJobs },
  ],
  mail: [
    { name: "answer_link_requests", every: SECOND, attempts: 1, run: answerLinkRequestsJob },
    { name: "send_mail", every: SECOND, attempts: 1, run: sendMailJob },
  ],
};

/** Under what all of it is kept in Redis. */
export const PREFIX = "latchkey";

/** How many jobs of a queue one worker process does at once. Deliveries mostly wait for others to answer. */
export const atOnce: Record<string, number> = { webhooks: 100 };
export const AT_ONCE = 4;
