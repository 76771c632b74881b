// Mails that could not be delivered: what is shown beside an address, and what owners are alerted of.
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
      and not m.is_canceled
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
    where m.failed_at > ${ctx.now}::timestamptz - make_interval(hours => ${ALERT_HOURS}) and not m.is_canceled
    order by m.failed_at desc, m.id desc
    limit 1`;
  if (!row) return { count: 0, last: null };
  const { count, recipient, lastError } = row;
  return { count, last: { recipient, reason: withoutAddresses(lastError ?? "no reason given") } };
}
