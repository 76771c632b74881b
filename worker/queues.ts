// Every queue, every job on it, and when it runs: the one table of what happens by itself. A job is handed a context
// and does one thing; it is safe to run twice, and on two machines at once.
import type { Context } from "../server/domain/context.ts";
import { answerLinkRequestsJob } from "./jobs/answer_link_requests.ts";
import { clearDeadSeatsJob } from "./jobs/clear_dead_seats.ts";
import { forgetAnswersJob } from "./jobs/forget_answers.ts";
import { forgetMailsJob } from "./jobs/forget_mails.ts";
import { forgetSignInsJob } from "./jobs/forget_sign_ins.ts";
import { sendMailJob } from "./jobs/send_mail.ts";
import type { Mailer } from "./mailer.ts";

/** What a job did, for the log. */
export type Outcome = Record<string, number | string>;

/** What jobs need to know of the world outside, and the ways there. */
export interface Outside {
  mailer: Mailer;
  /** Where our pages are reached. */
  publicUrl: string;
}

export interface Job {
  name: string;
  /** Runs once in so many milliseconds, by whichever worker is free. */
  every: number;
  /** How often it is tried again when it fails, at growing distances. */
  attempts: number;
  run(ctx: Context, outside: Outside): Promise<Outcome>;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export const queues: Record<string, Job[]> = {
  housekeeping: [
    { name: "clear_dead_seats", every: MINUTE, attempts: 3, run: clearDeadSeatsJob },
    { name: "forget_answers", every: 60 * MINUTE, attempts: 3, run: forgetAnswersJob },
    { name: "forget_mails", every: 60 * MINUTE, attempts: 3, run: forgetMailsJob },
    { name: "forget_sign_ins", every: 60 * MINUTE, attempts: 3, run: forgetSignInsJob },
  ],
  mail: [
    { name: "answer_link_requests", every: SECOND, attempts: 1, run: answerLinkRequestsJob },
    { name: "send_mail", every: SECOND, attempts: 1, run: sendMailJob },
  ],
};
