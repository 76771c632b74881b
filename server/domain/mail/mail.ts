// Mail: inserted in the transaction it belongs to and sent later by a worker. The content is stored encrypted and deleted
// once it is sent, because it may contain a link that signs its reader in.
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { cleanLine } from "../text.ts";

/** A row of `mails`. */
export interface MailRow {
  id: number;
  kind: string;
  recipient: string;
  subject: string;
  body: Uint8Array | null;
  eventUid: string | null;
  licenseIds: number[] | null;
  customerId: number | null;
  userId: number | null;
  invitationId: number | null;
  createdAt: Date;
  expiresAt: Date | null;
  attempts: number;
  nextAttemptAt: Date;
  lastError: string | null;
  sentAt: Date | null;
  failedAt: Date | null;
  isCancelled: boolean;
  traceparent: string | null;
}

/** What is stored encrypted. */
export interface MailContent {
  text: string;
  html: string;
  /** The address for answers; empty: that of the sender. */
  replyTo: string;
  /** The link to unsubscribe with one click (RFC 8058); null for mail that one cannot unsubscribe from. */
  unsubscribe: string | null;
}

/** What a mail is about; the panel shows it there. */
export interface MailSubject {
  licenseIds?: number[];
  customerId?: number | null;
  userId?: number | null;
  invitationId?: number | null;
}

export interface Mail extends MailContent {
  kind: string;
  /** One address. */
  to: string;
  subject: string;
}

/** A mail that a worker claimed in order to send it. */
export type ClaimedMail = Mail & Pick<MailRow, "id" | "attempts" | "traceparent" | "eventUid">;

export const PURPOSE = "mail";
const MINUTE = 60_000;
/**
 * How long the lease of a mail lasts without being renewed; a mail not settled by then is sent again, as its worker has
 * died; milliseconds.
 */
export const MAIL_LEASE = 8000;
/** The delays after each failed attempt, in milliseconds; after the last the mail has failed. */
const RETRY_DELAYS = [
  10_000,
  MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * 60 * MINUTE,
  5 * 60 * MINUTE,
  10 * 60 * MINUTE,
];

/**
 * Inserts a mail that is written already. It is sent once the transaction has committed, and not at all if it is rolled back.
 * Only `queueMail` calls it, so that every mail has the layout; tests may.
 *
 * @param mail.until the instant after which it is not sent any more
 * @param mail.from the instant before which it is not sent; by default now
 * @param mail.eventUid the event that causes it; a second mail for the event is not inserted
 * @returns whether it was inserted
 */
export async function insertMail(
  ctx: Context,
  mail: Mail & { until?: Date; from?: Date; eventUid?: string; about?: MailSubject },
): Promise<boolean> {
  const { about = {} } = mail;
  const content: MailContent = {
    text: mail.text,
    html: mail.html,
    replyTo: mail.replyTo,
    unsubscribe: mail.unsubscribe,
  };
  const inserted = await ctx.db`
    insert into mails (
      kind, recipient, subject, body, event_uid, license_ids, customer_id, user_id, invitation_id,
      created_at, expires_at, next_attempt_at, traceparent
    )
    values (
      ${mail.kind}, ${mail.to}, ${mail.subject}, ${ctx.cipher.encrypt(PURPOSE, JSON.stringify(content))},
      ${mail.eventUid ?? null}, ${about.licenseIds ?? null}, ${about.customerId ?? null}, ${
    about.userId ?? null
  },
      ${about.invitationId ?? null}, ${ctx.now}, ${mail.until ?? null}, ${mail.from ?? ctx.now}, ${
    ctx.traceparent ?? null
  }
    )
    on conflict on constraint mails_event_uid_unique do nothing`;
  return inserted.count > 0;
}

/**
 * Claims mails that are due, first those that someone waits for: events cause thousands of mails at once. Other workers get
 * them only if they are not settled before the lease expires.
 */
export async function claimMails(ctx: Context, limit: number): Promise<ClaimedMail[]> {
  await ctx.db`
    update mails
    set failed_at = ${ctx.now}, body = null, last_error = coalesce(last_error, 'not sent in time')
    where sent_at is null and failed_at is null and expires_at <= ${ctx.now}`;
  const rows = await ctx.db<MailRow[]>`
    with due as (
      select id
      from mails
      where sent_at is null and failed_at is null and next_attempt_at <= ${ctx.now}
      order by event_uid is not null, next_attempt_at
      limit ${limit}
      for update skip locked
    )
    update mails
    set attempts = attempts + 1, next_attempt_at = ${leaseFrom(ctx)}
    from due
    where mails.id = due.id
    returning mails.*`;
  return rows.map((row) => ({
    id: row.id,
    attempts: row.attempts,
    traceparent: row.traceparent,
    eventUid: row.eventUid,
    kind: row.kind,
    to: row.recipient,
    subject: row.subject,
    ...decryptContent(ctx, row.body!),
  }));
}

/** Renews the leases of mails that are being sent. The number of the attempt tells them from those of other workers. */
export async function renewMails(ctx: Context, mails: Pick<MailRow, "id" | "attempts">[]): Promise<void> {
  await ctx.db`
    update mails
    set next_attempt_at = ${leaseFrom(ctx)}
    from unnest(${mails.map(({ id }) => id)}::bigint[], ${mails.map(({ attempts }) => attempts)}::integer[])
      as sending (id, attempt)
    where mails.id = sending.id and mails.attempts = sending.attempt and sent_at is null and failed_at is null`;
}

function leaseFrom({ now }: Context): Date {
  return new Date(now.getTime() + MAIL_LEASE);
}

/**
 * Saves that a mail was sent.
 *
 * @param options.keepText whether the text is kept, for the mailbox of development
 */
export async function saveSent(ctx: Context, id: number, options: { keepText: boolean }): Promise<void> {
  await ctx.db`
    update mails
    set sent_at = ${ctx.now}, last_error = null, body = case when ${options.keepText}::boolean then body end
    where id = ${id} and sent_at is null and failed_at is null`;
}

/**
 * Saves that an attempt failed and when the next one is due; after the last one the mail has failed.
 *
 * @param failure.isPermanent whether the mail server rejects this mail permanently
 */
export async function saveFailure(
  ctx: Context,
  mail: Pick<MailRow, "id" | "attempts">,
  failure: { reason: string; isPermanent: boolean },
): Promise<void> {
  const delay = failure.isPermanent ? undefined : RETRY_DELAYS[mail.attempts - 1];
  const reason = cleanLine(failure.reason, 500);
  if (delay === undefined) {
    await ctx.db`
      update mails
      set failed_at = ${ctx.now}, body = null, last_error = ${reason}
      where id = ${mail.id} and attempts = ${mail.attempts} and sent_at is null and failed_at is null`;
  } else {
    await ctx.db`
      update mails
      set next_attempt_at = ${new Date(ctx.now.getTime() + delay)}, last_error = ${reason}
      where id = ${mail.id} and attempts = ${mail.attempts} and sent_at is null and failed_at is null`;
  }
}

/** The latest mails whose text is kept, the newest first, for the mailbox of development. */
export async function listReadableMails(ctx: Context): Promise<(MailRow & MailContent)[]> {
  const rows = await ctx.db<MailRow[]>`
    select *
    from mails
    where body is not null
    order by id desc
    limit 50`;
  return rows.map((row) => ({ ...row, ...decryptContent(ctx, row.body!) }));
}

/**
 * Deletes mails that were settled before the retention setting.
 *
 * @returns how many
 */
export async function deleteOldMails(ctx: Context): Promise<number> {
  const deleted = await ctx.db`
    delete from mails
    where coalesce(sent_at, failed_at) < ${ctx.now}::timestamptz - make_interval(days => ${ctx.settings.keepMailsFor})`;
  return deleted.count;
}

/**
 * Gives up waiting mails that are not to be sent any more. That is no failure: no one is alerted.
 *
 * @param condition which mails, on columns of `mails`
 * @param reason why, for the list of mails
 */
export async function cancelMails(
  ctx: Pick<Context, "db" | "now">,
  condition: Fragment,
  reason: string,
): Promise<void> {
  await ctx.db`
    update mails
    set failed_at = ${ctx.now}, is_cancelled = true, body = null, last_error = ${reason}
    where sent_at is null and failed_at is null and ${condition}`;
}

/** Gives up the waiting mails that hold a link, after a restore: the links have ended. */
export async function cancelLinkMails(ctx: Pick<Context, "db" | "now">): Promise<void> {
  const condition = ctx.db`expires_at is not null and event_uid is null`;
  await cancelMails(ctx, condition, "the link in it ended with a restore");
}

/** A mail whose content is kept, in development. */
export async function getReadableMail(ctx: Context, id: number): Promise<MailRow & MailContent> {
  const [row] = await ctx.db<MailRow[]>`
    select *
    from mails
    where id = ${id} and body is not null`;
  return row
    ? { ...row, ...decryptContent(ctx, row.body!) }
    : refuse("NOT_FOUND", { subject: "mail", field: "id" });
}

function decryptContent(ctx: Context, body: Uint8Array): MailContent {
  return JSON.parse(new TextDecoder().decode(ctx.cipher.decrypt(PURPOSE, body)));
}

/**
 * Corrects mails from before the database's clock was put back.
 *
 * @param setBackMs by how much; milliseconds
 */
export async function correctMailsAhead(ctx: Context, setBackMs: number): Promise<void> {
  await ctx.db`
    update mails
    set next_attempt_at = greatest(${ctx.now}, next_attempt_at - ${setBackMs} * interval '1 millisecond')
    where sent_at is null and failed_at is null and next_attempt_at > ${ctx.now}`;
}
