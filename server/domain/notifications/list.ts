// Notifications as an administrator sees them: their list, how many are unread, and marking them as read.
import type { z } from "zod";
import type { Fragment } from "../../../db/connect.ts";
import { requireAdministrator } from "../administrators/administrators.ts";
import { requireRole } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { allOf } from "../list_conditions.ts";
import { listPage, type Page } from "../lists.ts";
import type { notificationList, notificationMark } from "./inputs.ts";
import { notificationKindNames, notificationKinds } from "../events/catalogue/notification_kinds.ts";
import type { NotificationRow } from "../events/notifications/notify.ts";

/** A row of `notification_reads`: how much of a notification an administrator has read. */
export interface NotificationReadRow {
  notificationId: number;
  administratorId: number;
  revision: number;
}

/** A notification to one administrator. */
export type ListedNotification =
  & Omit<NotificationRow, "subject" | "administratorId" | "revision">
  & {
    isRead: boolean;
    /** Why a job failed; whose license an anomaly is about. */
    detail: string | null;
  };

/** So many unread notifications are counted. */
const MAX_UNREAD = 100;

/** The notifications that the actor sees, as a condition on `notifications n`. */
function visible(ctx: Context): Fragment {
  const me = requireAdministrator(ctx);
  const always = notificationKindNames.filter((kind) => !notificationKinds[kind].isOptional);
  return ctx.db`
    (n.administrator_id is null or n.administrator_id = ${me.id})
    and (
      n.kind = any (${always}::text[]) or n.kind not in (
        select s.kind
        from notification_settings s
        where s.administrator_id = ${me.id} and s.is_shown = false
      )
    )
    and (n.resolved_at is null or n.resolved_at >= (select a.created_at from administrators a where a.id = ${me.id}))`;
}

/** Whether the actor has read a notification, as an expression on `notifications n`. */
function isRead(ctx: Context): Fragment {
  const me = requireAdministrator(ctx);
  return ctx.db`exists (
    select
    from notification_reads r
    where r.notification_id = n.id and r.administrator_id = ${me.id} and r.revision = n.revision
  )`;
}

/** The actor's notifications, those that happened last first. */
export async function listNotifications(
  ctx: Context,
  query: z.infer<typeof notificationList>,
): Promise<Page<ListedNotification>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedNotification>(ctx, query, {
    columns: ctx.db`
      n.id, n.kind, n.severity, n.subject_id, n.facts, n.count, n.first_at, n.last_at, n.resolved_at,
      ${isRead(ctx)} as is_read, coalesce(j.error, c.name) as detail`,
    from: ctx.db`notifications n`,
    pageFrom: ctx.db`
      notifications n
      left join jobs j on n.kind = 'jobs' and j.id = n.subject_id
      left join anomalies a on n.kind = 'anomalies' and n.facts ->> 'type' = 'anomaly' and a.id = n.subject_id
      left join customers c on c.id = a.customer_id`,
    where: [
      visible(ctx),
      query.kind ? ctx.db`n.kind = ${query.kind}` : null,
      query.unread === undefined ? null : query.unread ? ctx.db`not ${isRead(ctx)}` : isRead(ctx),
      query.resolved === undefined
        ? null
        : query.resolved
        ? ctx.db`n.resolved_at is not null`
        : ctx.db`n.resolved_at is null`,
    ],
    sorts: { lastAt: { by: "n.last_at", type: "timestamptz" } },
    defaultSort: "-lastAt",
    id: "n.id",
  });
}

/** How many of the actor's notifications are unread, counted up to a limit. */
export async function countUnread(ctx: Context): Promise<{ count: number; isMore: boolean }> {
  requireRole(ctx, "viewer");
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from (
      select
      from notifications n
      where ${allOf(ctx, [visible(ctx), ctx.db`not ${isRead(ctx)}`])}
      limit ${MAX_UNREAD}
    ) unread`;
  return { count: Math.min(count, MAX_UNREAD - 1), isMore: count === MAX_UNREAD };
}

/**
 * Marks one of the actor's notifications as read or unread.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function markNotification(ctx: Context, input: z.infer<typeof notificationMark>): Promise<void> {
  const me = requireAdministrator(ctx);
  await inTransaction(ctx, async (ctx) => {
    const [seen] = await ctx.db<Pick<NotificationRow, "id" | "revision">[]>`
      select n.id, n.revision
      from notifications n
      where n.id = ${input.id} and ${visible(ctx)}`;
    if (!seen) refuse("NOT_FOUND", { subject: "notification", field: "id" });
    if (input.isRead) {
      await ctx.db`
        insert into notification_reads (notification_id, administrator_id, revision)
        values (${seen.id}, ${me.id}, ${seen.revision})
        on conflict on constraint notification_reads_pkey do update
        set revision = excluded.revision`;
    } else {
      await ctx.db`
        delete from notification_reads
        where notification_id = ${seen.id} and administrator_id = ${me.id}`;
    }
  });
}

/**
 * Marks all of the actor's notifications as read.
 *
 * @returns how many were unread
 */
export async function markAllRead(ctx: Context): Promise<number> {
  const me = requireAdministrator(ctx);
  const marked = await ctx.db`
    insert into notification_reads (notification_id, administrator_id, revision)
    select n.id, ${me.id}, n.revision
    from notifications n
    where ${allOf(ctx, [visible(ctx), ctx.db`not ${isRead(ctx)}`])}
    on conflict on constraint notification_reads_pkey do update
    set revision = excluded.revision`;
  return marked.count;
}
