// Mails to customers: read from the events that cause them, so that no verb knows about mail. Each event is read once, in the
// transaction that queues its mail. Mails alike to one recipient are one mail, and those a day are limited.
import { dayOf } from "../../calendar.ts";
import type { Context } from "../../context.ts";
import { foldEmail } from "../../email_address.ts";
import { type ReadEvent, readEvents } from "../../events/readers.ts";
import { stateOn } from "../../policy/conditions.ts";
import { shownKey } from "../../shown_key.ts";
import type { CustomerMailKind } from "../kinds/customer_mails.ts";
import { areValuesOf, customerMailKinds } from "../kinds/kinds.ts";
import { cancelMails } from "../mail.ts";
import { queueMail } from "../queue.ts";
import { openSubscriptions, UNSUBSCRIBE_PATH } from "../subscriptions.ts";
import {
  type CausedMail,
  causedMail,
  causesMail,
  type CausingEvent,
  isShortened,
  WORTH_SENDING,
} from "./caused_mails.ts";

/** Events read at a time. */
const BATCH = 2000;
/** Mails to an address in a day, those with keys excepted: they would be lost. */
const MAX_PER_DAY = 20;
const DAY = 86_400_000;
/** Keys in a mail that delivers them; the others are in the next one. */
const KEYS_DELIVERED = 50;
/** Licenses that a mail is about, and how many of them it names. */
const LICENSES_IN_MAIL = BATCH;
const KEYS_NAMED = 10;

export interface QueuedMails {
  queued: number;
  /** Unsubscribed from, or beyond the limit of a day. */
  skipped: number;
}

/**
 * Queues the mails that new events cause.
 *
 * @param options.publicUrl the address of the account pages
 * @param options.isReady whether there is a mail server; without one the events are read and cause no mail, as it would wait
 *   until it is out of date
 */
export async function queueCustomerMails(
  ctx: Context,
  options: { publicUrl: string; isReady: boolean },
): Promise<QueuedMails> {
  const total = { queued: 0, skipped: 0 };
  while (true) {
    const read = await readEvents(ctx, "mails", BATCH, async (ctx, events) => {
      if (!options.isReady) return;
      const { queued, skipped } = await queueMailsOf(ctx, events, options.publicUrl);
      total.queued += queued;
      total.skipped += skipped;
    });
    if (read < BATCH) return total;
  }
}

async function queueMailsOf(ctx: Context, events: ReadEvent[], publicUrl: string): Promise<QueuedMails> {
  const oldest = ctx.now.getTime() - WORTH_SENDING;
  const causing = events.filter(({ type, actorKind, occurredAt }) =>
    causesMail(ctx, type) && occurredAt.getTime() > oldest &&
    // Others than users activate with a key, without an account to sign in to.
    (type !== "license.activated" || actorKind === "user")
  );
  if (causing.length === 0) return { queued: 0, skipped: 0 };
  const rows = await readCauses(ctx, causing.map(({ id }) => id));
  await cancelRenewals(ctx, rows.filter(isShortened).map(({ licenseId }) => licenseId));
  const mails = rows.map((row) => causedMail(ctx, row, publicUrl)).filter((mail) => mail !== null);
  return await queueJoined(ctx, joinAlike(mails), publicUrl);
}

async function readCauses(ctx: Context, ids: number[]): Promise<CausingEvent[]> {
  return await ctx.db<CausingEvent[]>`
    select
      e.uid, e.type, e.occurred_at, e.traceparent, e.before, e.after, l.id as license_id,
      ${shownKey(ctx, ctx.db`l.key`)} as key, ${
    stateOn(ctx, "l", dayOf(ctx.now))
  } as state, l.valid_until, l.grace_days, l.max_activations, l.activations_in_use, p.name as product, pl.name as plan,
      c.id as customer_id, c.name as customer_name, case when c.deleted_at is null then c.email end as customer_email,
      u.id as user_id, u.name as user_name, u.email as user_email, a.machine_name,
      e.type = 'license.activated'
        and exists (
          select
          from activations earlier
          where earlier.license_id = l.id and earlier.id < a.id
        )
        and not exists (
          select
          from events earlier
          where earlier.license_id = l.id and earlier.id < e.id
            and earlier.activation_id = a.id and earlier.type = 'license.activated'
        ) as is_new_device,
      e.type = 'usage.threshold' and exists (
        select
        from mails m
        where m.license_ids @> array[l.id] and m.kind = 'limitReached'
          and m.created_at > ${new Date(ctx.now.getTime() - DAY)}
      ) as is_limit_known
    from events e
    join licenses l on l.id = e.license_id
    join products p on p.id = l.product_id
    join customers c on c.id = l.customer_id
    left join plans pl on pl.id = l.plan_id
    left join users u on u.id = l.user_id and u.disabled_at is null
    left join activations a on a.id = e.activation_id
    where e.id = any(${ids}) and l.deleted_at is null
    order by l.id, e.id`;
}

/** Gives up mails about renewals that were undone before they were sent. */
async function cancelRenewals(ctx: Context, licenseIds: number[]): Promise<void> {
  if (licenseIds.length === 0) return;
  const condition = ctx.db`kind = 'licenseRenewed' and license_ids && ${licenseIds}::bigint[]`;
  await cancelMails(ctx, condition, "the renewal was undone");
}

/** Mails that are sent as one. */
interface JoinedMail {
  first: CausedMail;
  keys: string[];
  licenseIds: number[];
}

/** Joins mails that say the same to the same recipient about several licenses. */
function joinAlike(mails: CausedMail[]): JoinedMail[] {
  const groups = new Map<string, JoinedMail[]>();
  for (const mail of mails) {
    const { kind, to, values, until } = mail;
    const alike = JSON.stringify([kind, foldEmail(to), values, until]);
    const joined = groups.get(alike) ?? [];
    groups.set(alike, joined);
    const last = joined.at(-1);
    const maximum = kind === "licenseDelivered" ? KEYS_DELIVERED : LICENSES_IN_MAIL;
    if (last?.licenseIds.includes(mail.event.licenseId)) continue;
    if (last && last.keys.length < maximum) {
      last.keys.push(mail.key);
      last.licenseIds.push(mail.event.licenseId);
    } else {
      joined.push({ first: mail, keys: [mail.key], licenseIds: [mail.event.licenseId] });
    }
  }
  return [...groups.values()].flat();
}

async function queueJoined(ctx: Context, mails: JoinedMail[], publicUrl: string): Promise<QueuedMails> {
  const result = { queued: 0, skipped: 0 };
  if (mails.length === 0) return result;
  const subscriptions = await openSubscriptions(ctx, mails.map(({ first }) => first.to));
  const sentToday = await countToday(ctx, [...subscriptions.keys()]);
  for (const { first, keys, licenseIds } of mails) {
    const { kind, event, to, until, from, userId } = first;
    const email = foldEmail(to);
    const { token, unsubscribed } = subscriptions.get(email)!;
    const count = sentToday.get(email) ?? 0;
    const isTooMany = kind !== "licenseDelivered" && count >= MAX_PER_DAY;
    if (unsubscribed.includes(kind) || isTooMany) {
      result.skipped++;
      continue;
    }
    const values = { ...first.values, ...keyValues(kind, keys) };
    if (!areValuesOf(kind, values)) throw new Error(`A value of ${kind} is missing.`);
    const isQueued = await queueMail({ ...ctx, traceparent: event.traceparent ?? undefined }, {
      kind,
      to,
      values,
      until,
      from,
      about: { licenseIds, customerId: event.customerId, userId },
      eventUid: event.uid,
      unsubscribe: `${publicUrl}${UNSUBSCRIBE_PATH}/${kind}/${token}`,
    });
    if (!isQueued) continue;
    result.queued++;
    sentToday.set(email, count + 1);
  }
  return result;
}

function keyValues(kind: CustomerMailKind, keys: string[]): Record<string, string[]> {
  if (kind === "licenseDelivered") return { licenseKey: keys };
  const more = keys.length - KEYS_NAMED;
  return { license: more > 0 ? [...keys.slice(0, KEYS_NAMED), `and ${more} more`] : keys };
}

/** How many mails each address got within a day. */
async function countToday(ctx: Context, emails: string[]): Promise<Map<string, number>> {
  const rows = await ctx.db<{ email: string; count: number }[]>`
    select lower(recipient) as email, count(*) as count
    from mails
    where lower(recipient) = any(${emails})
      and kind = any(${customerMailKinds.filter((kind) => kind !== "licenseDelivered")})
      and created_at > ${new Date(ctx.now.getTime() - DAY)}
    group by lower(recipient)`;
  return new Map(rows.map(({ email, count }) => [email, count]));
}
