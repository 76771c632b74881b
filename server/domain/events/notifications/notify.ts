// Writing notifications. They are written in the transaction of the event that they follow from.
import type { Db } from "../../../../db/connect.ts";
import type { Context } from "../../context.ts";
import type { EventFacts, EventType } from "../catalogue/catalogue.ts";
import type { NotificationKind } from "../catalogue/notification_kinds.ts";
import {
  type Notice,
  type NotificationFacts,
  type NotificationSeverity,
  type NotificationSources,
  notificationSources,
} from "./sources.ts";

/** A row of `notifications`. */
export interface NotificationRow {
  id: number;
  kind: NotificationKind;
  subject: string;
  administratorId: number | null;
  severity: NotificationSeverity;
  subjectId: number;
  facts: NotificationFacts;
  count: number;
  firstAt: Date;
  lastAt: Date;
  resolvedAt: Date | null;
  revision: number;
}

type WriteContext = { db: Db; now: Date };

/** A repetition after so long is a new happening; hours. */
const NEW_AFTER_HOURS = 24;
/** Notifications are deleted so many days after they last happened. */
export const KEEP_DAYS = 90;

/** Notifies of an event as its source says. Call it in the transaction that records the event. */
export async function notifyOf<Type extends EventType>(
  ctx: WriteContext,
  event: { type: Type; subjectId: number } & EventFacts<Type>,
): Promise<void> {
  const source: NotificationSources[Type] = notificationSources[event.type];
  const effect = source?.(event);
  if (!effect) return;
  if ("raises" in effect) await raise(ctx, effect.raises);
  else if ("resolves" in effect) await setResolved(ctx, effect.resolves, ctx.now);
  else await setResolved(ctx, effect.reopens, null);
}

async function raise(ctx: WriteContext, notice: Notice): Promise<void> {
  const { kind, subject, severity, administratorId = null, subjectId, facts } = notice;
  await ctx.db`
    insert into notifications as n (
      kind, subject, administrator_id, severity, subject_id, facts, first_at, last_at
    ) values (
      ${kind}, ${subject}, ${administratorId}, ${severity}, ${subjectId}, ${ctx.db.json(facts as never)},
      ${ctx.now}, ${ctx.now}
    )
    on conflict on constraint notifications_subject_unique do update
    set
      severity = excluded.severity, subject_id = excluded.subject_id, facts = excluded.facts,
      count = case
        when n.last_at > excluded.last_at - make_interval(hours => ${NEW_AFTER_HOURS}) then n.count + 1
        else 1
      end,
      first_at = case
        when n.last_at > excluded.last_at - make_interval(hours => ${NEW_AFTER_HOURS}) then n.first_at
        else excluded.first_at
      end,
      last_at = excluded.last_at, resolved_at = null, revision = n.revision + 1`;
}

async function setResolved(
  ctx: WriteContext,
  { kind, subject }: { kind: NotificationKind; subject: string },
  at: Date | null,
): Promise<void> {
  await ctx.db`
    update notifications
    set resolved_at = ${at}
    where kind = ${kind} and subject = ${subject}`;
}

/** Deletes notifications of what last happened long ago; returns how many. */
export async function pruneNotifications(ctx: Pick<Context, "db" | "now">): Promise<number> {
  const pruned = await ctx.db`
    delete from notifications
    where last_at < ${ctx.now}::timestamptz - make_interval(days => ${KEEP_DAYS})`;
  return pruned.count;
}
