// From which kinds of mail an address has unsubscribed. Only mail to customers can be unsubscribed from; what a person
// requested, such as a sign-in link, has no link for it.
import { type Context, inTransaction } from "../context.ts";
import { foldEmail } from "../email_address.ts";
import { refuse } from "../errors.ts";
import { type CustomerMailKind, customerMails } from "./kinds/customer_mails.ts";
import { customerMailKinds } from "./kinds/kinds.ts";
import { cancelMails } from "./mail.ts";

/** A row of `mail_subscriptions`. */
export interface MailSubscriptionRow {
  email: string;
  token: string;
  unsubscribed: string[];
  createdAt: Date;
}

/** The path of the page to unsubscribe; the page behind it does so only when its form is sent. */
export const UNSUBSCRIBE_PATH = "/account/unsubscribe";

/** The subscriptions of addresses, by address in lower case. An address gets its token with its first mail. */
export async function openSubscriptions(
  ctx: Context,
  emails: string[],
): Promise<Map<string, Pick<MailSubscriptionRow, "token" | "unsubscribed">>> {
  const folded = [...new Set(emails.map(foldEmail))].toSorted();
  await ctx.db`
    insert into mail_subscriptions (email, created_at)
    select email, ${ctx.now}
    from unnest(${folded}::text[]) as address (email)
    on conflict on constraint mail_subscriptions_pkey do nothing`;
  const rows = await ctx.db<MailSubscriptionRow[]>`
    select *
    from mail_subscriptions
    where email = any(${folded})`;
  return new Map(rows.map(({ email, token, unsubscribed }) => [email, { token, unsubscribed }]));
}

/** What a link to unsubscribe is about. */
export interface Subscription {
  kind: CustomerMailKind;
  title: string;
  isUnsubscribed: boolean;
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * The subscription of a link.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getSubscription(
  ctx: Pick<Context, "db">,
  { token, kind }: { token: string; kind: string },
): Promise<Subscription> {
  const known = customerMailKinds.find((name) => name === kind);
  if (!known || !uuid.test(token)) refuse("NOT_FOUND", { subject: "subscription", field: "token" });
  const [row] = await ctx.db<MailSubscriptionRow[]>`
    select *
    from mail_subscriptions
    where token = ${token}`;
  if (!row) refuse("NOT_FOUND", { subject: "subscription", field: "token" });
  return { kind: known, title: customerMails[known].title, isUnsubscribed: row.unsubscribed.includes(known) };
}

/**
 * Unsubscribes the address of a link from its kind of mail, or subscribes it again. Mail that waits is given up. Repeating it
 * changes nothing.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function setSubscribed(
  ctx: Context,
  { token, kind, isSubscribed }: { token: string; kind: string; isSubscribed: boolean },
): Promise<Subscription> {
  const subscription = await getSubscription(ctx, { token, kind });
  return await inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.db<MailSubscriptionRow[]>`
      update mail_subscriptions
      set unsubscribed = case
        when ${isSubscribed} then array_remove(unsubscribed, ${subscription.kind})
        else array_append(array_remove(unsubscribed, ${subscription.kind}), ${subscription.kind})
      end
      where token = ${token}
      returning *`;
    if (!row) refuse("NOT_FOUND", { subject: "subscription", field: "token" });
    if (!isSubscribed) {
      const condition = ctx.db`lower(recipient) = ${row.email} and kind = ${subscription.kind}`;
      await cancelMails(ctx, condition, "the recipient unsubscribed");
    }
    return { ...subscription, isUnsubscribed: !isSubscribed };
  });
}
