// Mails that could not be delivered, or wait for a mail server that does not accept them: what is shown beside an address,
// and what owners are alerted of.
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { withoutAddresses } from "../email_address.ts";

/**
 * The expression of what the mail server said about the last mail to an address, if that mail was given up; else null.
 *
 * @param column the column with the address, in the form that is stored
 */
export function mailProblem(ctx: Pick<Context, "db">, column: Fragment): Fragment {
  return ctx.db`(
    select case when m.failed_at is not null then m.last_error end
    from mails m
    where lower(m.recipient) = lower(${column}) and (m.sent_at is not null or m.failed_at is not null)
      and not m.is_cancelled
    order by m.id desc
    limit 1
  )`;
}

/** How long a mail that was given up raises an alert; hours. */
const ALERT_HOURS = 24;

/** The newest mail that was given up, without an address: alerts and their events outlive an erasure. */
export interface FailedMail {
  /** Whose it was: "user 12", "customer 3". */
  recipient: string;
  reason: string;
}

/** The mails that were given up lately: how many, and the last of them. */
export async function getFailedMails(ctx: Context): Promise<{ count: number; last: FailedMail | null }> {
  const [row] = await ctx.db<{ recipient: string; lastError: string | null; count: number }[]>`
    select
      coalesce(
        (select 'user ' || u.id from users u where u.email = lower(m.recipient)),
        (select 'administrator ' || a.id from administrators a where lower(a.email) = lower(m.recipient)),
        'customer ' || m.customer_id,
        'an address without an account'
      ) as recipient,
      m.last_error, count(*) over () as count
    from mails m
    where m.failed_at > ${ctx.now}::timestamptz - make_interval(hours => ${ALERT_HOURS}) and not m.is_cancelled
    order by m.failed_at desc, m.id desc
    limit 1`;
  if (!row) return { count: 0, last: null };
  const { count, recipient, lastError } = row;
  return { count, last: { recipient, reason: withoutAddresses(lastError ?? "no reason given") } };
}

/** For how long mail waits, after three attempts, before an alert is raised; minutes. */
const ALERT_MINUTES = 10;

/**
 * The mails that the mail server does not accept at present: how many, and its last answer, without addresses. None when a
 * later mail was sent: then it is about a recipient, and not about the server.
 */
export async function getRefusedMails(ctx: Context): Promise<{ count: number; reason: string | null }> {
  const [row] = await ctx.db<{ count: number; lastError: string }[]>`
    select m.last_error, count(*) over () as count
    from mails m
    where m.sent_at is null and m.failed_at is null and m.attempts >= 3 and m.last_error is not null
      and m.created_at < ${ctx.now}::timestamptz - make_interval(mins => ${ALERT_MINUTES})
      and not exists (
        select
        from mails later
        where later.id > m.id and later.sent_at is not null
      )
    order by m.id desc
    limit 1`;
  return row ? { count: row.count, reason: withoutAddresses(row.lastError) } : { count: 0, reason: null };
}
