// Erasure of mail.
import type { Context } from "../context.ts";

/** Deletes all mail to an address and about the given customers and users, sent or waiting, and what it unsubscribed from. */
export async function deleteMailsOf(
  ctx: Context,
  { email, customerIds, userIds }: { email: string | null; customerIds: number[]; userIds: number[] },
): Promise<void> {
  await ctx.db`
    delete from mails
    where lower(recipient) = ${email} or customer_id = any(${customerIds}) or user_id = any(${userIds})`;
  await ctx.db`
    delete from mail_subscriptions
    where email = ${email}`;
}
