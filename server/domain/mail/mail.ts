// Mail: put in line in the transaction of what it is about, and sent later by a worker. The text is kept sealed and
// forgotten once it is sent, for it may hold a link that signs its reader in.
import type { Context } from "../context.ts";

/** A row of `mails`. */
export interface MailRow {
  id: number;
  recipient: string;
  subject: string;
  body: Uint8Array | null;
  createdAt: Date;
  expiresAt: Date | null;
  attempts: number;
  nextAttemptAt: Date;
  lastError: string | null;
  sentAt: Date | null;
  failedAt: Date | null;
}

export interface Mail {
  /** One address. */
  to: string;
  subject: string;
  /** Plain text. */
  text: string;
}

/** A mail that a worker has taken to send it. */
export type TakenMail = Mail & Pick<MailRow, "id" | "attempts">;

const PURPOSE = "mail";
const MINUTE = 60_000;
/** How long a try may take before the mail counts as left lying; milliseconds. */
const TRY_WITHIN = 2 * MINUTE;
/** How long to wait after each failed try; after the last the mail is given up. */
const WAITS = [10_000, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * 60 * MINUTE, 5 * 60 * MINUTE, 10 * 60 * MINUTE];
/** How long it is remembered that a mail was sent; days. */
const KEPT_FOR = 30;

/**
 * Puts a mail in line. It goes out when the transaction has committed, and not at all when it was undone.
 *
 * @param mail.until when sending it makes no sense any more
 */
export async function queueMail(ctx: Context, mail: Mail & { until?: Date }): Promise<void> {
  await ctx.db`
    insert into mails (recipient, subject, body, created_at, expires_at, next_attempt_at)
    values (
      ${mail.to}, ${mail.subject}, ${ctx.cipher.encrypt(PURPOSE, mail.text)}, ${ctx.now}, ${
    mail.until ?? null
  },
      ${ctx.now}
    )`;
}

/** Takes mails that are due. No other worker gets them, unless this one has not settled them in two minutes. */
export async function takeMails(ctx: Context, most: number): Promise<TakenMail[]> {
  await ctx.db`
    update mails
    set failed_at = ${ctx.now}, body = null, last_error = coalesce(last_error, 'not sent in time')
    where sent_at is null and failed_at is null and expires_at <= ${ctx.now}`;
  const rows = await ctx.db<MailRow[]>`
    with due as (
      select id
      from mails
      where sent_at is null and failed_at is null and next_attempt_at <= ${ctx.now}
      order by next_attempt_at
      limit ${most}
      for update skip locked
    )
    update mails
    set attempts = attempts + 1, next_attempt_at = ${new Date(ctx.now.getTime() + TRY_WITHIN)}
    from due
    where mails.id = due.id
    returning mails.*`;
  return rows.map((row) => ({
    id: row.id,
    attempts: row.attempts,
    to: row.recipient,
    subject: row.subject,
    text: openText(ctx, row.body!),
  }));
}

/**
 * Notes that a mail was sent.
 *
 * @param options.keepText whether the text is kept, for the mailbox of development
 */
export async function noteSent(ctx: Context, id: number, options: { keepText: boolean }): Promise<void> {
  await ctx.db`
    update mails
    set sent_at = ${ctx.now}, last_error = null, body = case when ${options.keepText}::boolean then body end
    where id = ${id} and sent_at is null and failed_at is null`;
}

/**
 * Notes that a try failed, and when the next one is due; the last failure gives the mail up.
 *
 * @param failure.forGood whether the mail server refuses this mail whenever it comes
 */
export async function noteFailure(
  ctx: Context,
  mail: Pick<MailRow, "id" | "attempts">,
  failure: { reason: string; forGood: boolean },
): Promise<void> {
  const wait = failure.forGood ? undefined : WAITS[mail.attempts - 1];
  const reason = failure.reason.slice(0, 500);
  if (wait === undefined) {
    await ctx.db`
      update mails
      set failed_at = ${ctx.now}, body = null, last_error = ${reason}
      where id = ${mail.id} and sent_at is null`;
  } else {
    await ctx.db`
      update mails
      set next_attempt_at = ${new Date(ctx.now.getTime() + wait)}, last_error = ${reason}
      where id = ${mail.id} and sent_at is null`;
  }
}

/** The latest mails whose text is still there, the newest first: what the mailbox of development shows. */
export async function listReadableMails(ctx: Context): Promise<(MailRow & { text: string })[]> {
  const rows = await ctx.db<MailRow[]>`
    select *
    from mails
    where body is not null
    order by id desc
    limit 50`;
  return rows.map((row) => ({ ...row, text: openText(ctx, row.body!) }));
}

/**
 * Forgets mails settled more than 30 days ago.
 *
 * @returns how many
 */
export async function forgetMails(ctx: Context): Promise<number> {
  const forgotten = await ctx.db`
    delete from mails
    where coalesce(sent_at, failed_at) < ${ctx.now}::timestamptz - make_interval(days => ${KEPT_FOR})`;
  return forgotten.count;
}

function openText(ctx: Context, body: Uint8Array): string {
  return new TextDecoder().decode(ctx.cipher.decrypt(PURPOSE, body));
}
