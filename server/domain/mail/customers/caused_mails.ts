// Which mail to a customer an event causes, if any: its kind, recipient and values. The license is read as it is now, so
// that no mail says what is not true any more.
import { type CalendarDay, dayOf, daysBetween, endOf, isBefore } from "../../calendar.ts";
import type { Context } from "../../context.ts";
import { foldEmail } from "../../email_address.ts";
import type { EventType } from "../../events/record.ts";
import { maskKey } from "../../licenses/pasted_key.ts";
import { meterThresholds } from "../../meters/crossings.ts";
import { graceEndOf } from "../../policy/expiry.ts";
import type { LicenseState } from "../../policy/terms.ts";
import type { CustomerMailKind } from "../kinds/customer_mails.ts";
import { settingOf } from "../kinds/settings.ts";
import { writeDay, writeInstant } from "../local_time.ts";
import { greetingName, shownName } from "../queue.ts";

/** An event with its license, as it is now. */
export interface CausingEvent {
  uid: string;
  type: EventType;
  occurredAt: Date;
  traceparent: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  licenseId: number;
  key: string;
  /** On the day of the context. */
  state: LicenseState;
  validUntil: CalendarDay | null;
  graceDays: number;
  maxActivations: number;
  activationsInUse: number;
  product: string;
  plan: string | null;
  customerId: number;
  customerName: string;
  /** Null when the customer has none, or is deleted. */
  customerEmail: string | null;
  /** The user it is assigned to, unless disabled. */
  userId: number | null;
  userName: string | null;
  userEmail: string | null;
  machineName: string | null;
  /** Whether the machine was never activated before, and is not the first one of the license. */
  isNewDevice: boolean;
  /** Whether its limit was mailed about within a day. */
  isLimitKnown: boolean;
}

/** A mail about one license, before those alike are joined. */
export interface CausedMail {
  kind: CustomerMailKind;
  event: CausingEvent;
  to: string;
  userId: number | null;
  /** As the mail shows it. */
  key: string;
  /** Without the keys. */
  values: Record<string, string | null>;
  until: Date;
  from?: Date;
}

/** How long a mail about an event is worth sending; milliseconds. Older events cause none. */
export const WORTH_SENDING = 2 * 86_400_000;

/** How long a renewal can be undone before its mail is sent; milliseconds. */
const RENEWAL_DELAY = 60_000;

/** Events that cause a mail, each with its kinds. Those that cause it only sometimes are looked at below. */
const kindsOf = {
  "license.created": ["licenseDelivered"],
  "license.delivery_requested": ["licenseDelivered"],
  "license.expiring": ["licenseExpiring"],
  "license.grace_started": ["licenseInGrace"],
  "license.expired": ["licenseExpired"],
  "license.updated": ["licenseRenewed"],
  "license.renewed": ["licenseRenewed"],
  "usage.threshold": ["limitReached", "usageReached"],
  "license.activated": ["newDevice"],
} as const satisfies Partial<Record<EventType, CustomerMailKind[]>>;

type CausingType = keyof typeof kindsOf;

function kindOf({ type, after }: Pick<CausingEvent, "type" | "after">): CustomerMailKind {
  if (type === "usage.threshold") return after?.of === "meter" ? "usageReached" : "limitReached";
  return kindsOf[type as CausingType][0];
}

/** Whether events of a type may cause mail while the settings are as they are. */
export function causesMail({ settings }: Pick<Context, "settings">, type: EventType): type is CausingType {
  if (!Object.hasOwn(kindsOf, type)) return false;
  // Mail that was asked for is sent in any case.
  return type === "license.delivery_requested" ||
    kindsOf[type as CausingType].some((kind) => settings[settingOf[kind]]);
}

/** The mail that an event causes; null when it causes none, or there is no one to send it to. */
export function causedMail(ctx: Context, event: CausingEvent, publicUrl: string): CausedMail | null {
  const kind = kindOf(event);
  if (event.type !== "license.delivery_requested" && !ctx.settings[settingOf[kind]]) return null;
  const own = valuesOf(ctx, event);
  if (own === null) return null;
  const toUser = { to: event.userEmail, name: event.userName, userId: event.userId };
  const toCustomer = { to: event.customerEmail, name: event.customerName, userId: null };
  const { to, name, userId } = kind === "newDevice" || event.customerEmail === null ? toUser : toCustomer;
  if (to === null) return null;
  const isUser = foldEmail(to) === event.userEmail;
  return {
    kind,
    event,
    to,
    userId: userId ?? (isUser ? event.userId : null),
    key: kind === "licenseDelivered" ? event.key : maskKey(event.key),
    values: {
      ...own.values,
      name: greetingName(name),
      product: event.product,
      plan: event.plan,
      accountPage: isUser ? `${publicUrl}/account` : null,
    },
    until: earliest(new Date(ctx.now.getTime() + WORTH_SENDING), own.until),
    from: own.from,
  };
}

interface OwnValues {
  values: Record<string, string | null>;
  until?: Date;
  from?: Date;
}

/** The values of the kind alone; null when the event causes no mail. */
function valuesOf(ctx: Context, event: CausingEvent): OwnValues | null {
  const { before, after, validUntil, state, maxActivations } = event;
  const expiresOn = validUntil && writeDay(validUntil);
  const graceEnd = graceEndOf(event);
  const graceEnds = graceEnd && writeDay(graceEnd);
  switch (event.type as CausingType) {
    case "license.created":
      if (after?.origin !== "single") return null;
      return { values: { devices: countDevices(maxActivations), expiresOn } };
    case "license.delivery_requested":
      return { values: { devices: countDevices(maxActivations), expiresOn } };
    case "license.expiring": {
      if (state !== "active" || validUntil === null || after?.validUntil !== validUntil) return null;
      const days = daysBetween(dayOf(ctx.now), validUntil);
      const timeLeft = days === 0 ? "less than a day" : days === 1 ? "1 day" : `${days} days`;
      return { values: { timeLeft, expiresOn, graceEnds }, until: endOf(validUntil) };
    }
    case "license.grace_started":
      if (state !== "in_grace" || after?.validUntil !== validUntil) return null;
      return { values: { expiresOn, graceEnds }, until: endOf(graceEnd!) };
    case "license.expired":
      if (state !== "expired" || after?.validUntil !== validUntil) return null;
      return { values: { expiresOn } };
    case "license.updated":
    case "license.renewed": {
      if (state === "inactive" || state === "expired") return null;
      if (!isExtension(before, after) || after?.validUntil !== validUntil) return null;
      return { values: { expiresOn }, from: new Date(event.occurredAt.getTime() + RENEWAL_DELAY) };
    }
    case "usage.threshold":
      if (after?.of === "meter") {
        const isUsable = state === "active" || state === "in_grace";
        const share = isUsable ? reachedShare(after as unknown as MeterCrossing) : null;
        return share && { values: share };
      }
      // The first device of a license for one is no news.
      if (state !== "active" && state !== "in_grace" || event.isLimitKnown || maxActivations <= 1) {
        return null;
      }
      if (after?.of !== "activations" || after.threshold !== 100 || event.activationsInUse < maxActivations) {
        return null;
      }
      return { values: { devices: `${event.activationsInUse} of ${countDevices(maxActivations)}` } };
    case "license.activated":
      if (!event.isNewDevice) return null;
      return {
        values: {
          device: shownName(event.machineName) || "A device without a name",
          at: writeInstant(event.occurredAt, null),
        },
      };
  }
}

/** Whether a change moved the last day of a license to a later one, or to never. */
function isExtension(before: CausingEvent["before"], after: CausingEvent["after"]): boolean {
  const was = before?.validUntil as CalendarDay | null | undefined;
  const is = after?.validUntil as CalendarDay | null | undefined;
  if (was == null || is === undefined) return false;
  return is === null || isBefore(was, is);
}

/** Whether a change moved the last day of a license to an earlier one: a renewal was undone. */
export function isShortened(
  { type, before, after }: Pick<CausingEvent, "type" | "before" | "after">,
): boolean {
  return type === "license.updated" && isExtension(after, before);
}

/** A threshold of a meter's limit that was reached, as its event has it. */
interface MeterCrossing {
  meter: string;
  /** Percent. */
  threshold: number;
  inUse: number;
  limit: number;
}

/** What the mail says; null for a threshold that was passed together with a higher one, which has a mail of its own. */
function reachedShare({ meter, threshold, inUse, limit }: MeterCrossing): Record<string, string> | null {
  const next = meterThresholds.find((each) => each > threshold);
  if (next !== undefined && inUse * 100 >= limit * next) return null;
  return { meter, share: `${threshold} %`, used: `${writeNumber(inUse)} of ${writeNumber(limit)}` };
}

function writeNumber(number: number): string {
  return number.toLocaleString("en-US");
}

function countDevices(count: number): string {
  return count === 1 ? "1 device" : `${count} devices`;
}

function earliest(one: Date, other: Date | undefined): Date {
  return other && other < one ? other : one;
}
