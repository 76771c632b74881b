// The record of what happened, for people: lists and timelines, and the feed that follows it live.
import type { z } from "zod";
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import type { eventList } from "./inputs.ts";
import { containsPattern, listPage, type Page } from "../lists.ts";
import { refuse } from "../errors.ts";

/** A row of `events`. */
export interface EventRow {
  id: number;
  uid: string;
  type: string;
  occurredAt: Date;
  actorKind: string;
  actorId: number | null;
  actorName: string | null;
  requestId: string | null;
  subjectKind: string;
  subjectId: number;
  licenseId: number | null;
  customerId: number | null;
  activationId: number | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  transactionId: string;
}

/** An event as people read it, with the names of what it is about; null where it is about none, or it is gone. */
export type ListedEvent = EventRow & {
  licenseKey: string | null;
  customerName: string | null;
  machineName: string | null;
};

/** Events, the newest first. */
export async function listEvents(ctx: Context, query: z.infer<typeof eventList>): Promise<Page<ListedEvent>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedEvent>(ctx, query, {
    columns: columns(ctx),
    from: ctx.db`events e`,
    where: [
      query.type?.endsWith(".") ? ctx.db`e.type like ${containsPattern(query.type).slice(1)}` : null,
      query.type && !query.type.endsWith(".") ? ctx.db`e.type = ${query.type}` : null,
      query.subjectKind ? ctx.db`e.subject_kind = ${query.subjectKind}` : null,
      query.subjectId ? ctx.db`e.subject_id = ${query.subjectId}` : null,
      query.licenseId ? ctx.db`e.license_id = ${query.licenseId}` : null,
      query.customerId ? ctx.db`e.customer_id = ${query.customerId}` : null,
      query.actorKind ? ctx.db`e.actor_kind = ${query.actorKind}` : null,
      query.actorId ? ctx.db`e.actor_id = ${query.actorId}` : null,
      query.requestId ? ctx.db`e.request_id = ${query.requestId}` : null,
      query.since ? ctx.db`e.occurred_at >= ${new Date(query.since)}` : null,
      query.until ? ctx.db`e.occurred_at < ${new Date(query.until)}` : null,
      query.q
        ? ctx.db`(e.type ilike ${containsPattern(query.q)} or e.actor_name ilike ${containsPattern(query.q)})`
        : null,
    ],
    sorts: { id: { by: "e.id", type: "bigint" } },
    defaultSort: "-id",
    id: "e.id",
  });
}

/** One event; refuses `NOT_FOUND`. */
export async function getEvent(ctx: Context, id: number): Promise<ListedEvent> {
  requireRole(ctx, "viewer");
  const [event] = await ctx.db<ListedEvent[]>`
    select ${columns(ctx)}
    from events e
    where e.id = ${id}`;
  return event ?? refuse("NOT_FOUND", { subject: "event", field: "id" });
}

/** Names are looked up by id for the rows of a page, and so cost the same however many events there are. */
function columns(ctx: Context): Fragment {
  return ctx.db`
    e.*,
    (select l.key from licenses l where l.id = e.license_id) as license_key,
    (select c.name from customers c where c.id = e.customer_id) as customer_name,
    (select a.machine_name from activations a where a.id = e.activation_id) as machine_name`;
}

/** Events told at once. */
const MOST = 500;

/**
 * What has happened since, each event once. What was told is known by a snapshot of transactions and not by a number, so
 * that a long transaction neither holds the others up nor is missed when it commits.
 *
 * @param after where to go on, the `place` of the last event that arrived; null begins now
 */
export async function followTimeline(
  ctx: Context,
  after: string | null,
): Promise<{ events: { event: ListedEvent; place: string }[]; last: string }> {
  requireRole(ctx, "viewer");
  // "told", or "told/telling/transaction:id" in the middle of telling what is in the one and not in the other.
  const known = after?.match(/^(\d+:\d+:[\d,]*)(?:\/(\d+:\d+:[\d,]*)\/(\d{1,19}):(\d{1,19}))?$/);
  const [{ now }] = await ctx.db<{ now: string }[]>`
    select pg_current_snapshot()::text as now`;
  if (!known) return { events: [], last: now };
  const [, told, telling = now, transaction = "0", id = "0"] = known;
  const rows = await ctx.db<ListedEvent[]>`
    select ${columns(ctx)}
    from events e
    where e.transaction_id >= pg_snapshot_xmin(${told}::text::pg_snapshot)
      and not pg_visible_in_snapshot(e.transaction_id, ${told}::text::pg_snapshot)
      and pg_visible_in_snapshot(e.transaction_id, ${telling}::text::pg_snapshot)
      and (e.transaction_id, e.id) > (${transaction}::text::xid8, ${id}::text::bigint)
    order by e.transaction_id, e.id
    limit ${MOST}`;
  const events = rows.map((event) => ({
    event,
    place: `${told}/${telling}/${event.transactionId}:${event.id}`,
  }));
  return { events, last: rows.length < MOST ? telling : events.at(-1)!.place };
}
