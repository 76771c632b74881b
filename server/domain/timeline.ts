// The record of what happened, for people: lists and timelines, and the feed that follows it live.
import type { z } from "zod";
import { type Context, requireRole } from "./context.ts";
import type { eventList } from "./inputs/house.ts";
import { anywhere, listRows, type Page } from "./listing.ts";

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

/** Events, the newest first. */
export function listEvents(ctx: Context, ask: z.infer<typeof eventList>): Promise<Page<EventRow>> {
  requireRole(ctx, "viewer");
  return listRows<EventRow>(ctx, ask, {
    columns: ctx.db`e.*`,
    from: ctx.db`events e`,
    where: [
      ask.type?.endsWith(".") ? ctx.db`e.type like ${anywhere(ask.type).slice(1)}` : null,
      ask.type && !ask.type.endsWith(".") ? ctx.db`e.type = ${ask.type}` : null,
      ask.subjectKind ? ctx.db`e.subject_kind = ${ask.subjectKind}` : null,
      ask.subjectId ? ctx.db`e.subject_id = ${ask.subjectId}` : null,
      ask.licenseId ? ctx.db`e.license_id = ${ask.licenseId}` : null,
      ask.customerId ? ctx.db`e.customer_id = ${ask.customerId}` : null,
      ask.actorKind ? ctx.db`e.actor_kind = ${ask.actorKind}` : null,
      ask.actorId ? ctx.db`e.actor_id = ${ask.actorId}` : null,
      ask.since ? ctx.db`e.occurred_at >= ${new Date(ask.since)}` : null,
      ask.until ? ctx.db`e.occurred_at < ${new Date(ask.until)}` : null,
      ask.q ? ctx.db`(e.type ilike ${anywhere(ask.q)} or e.actor_name ilike ${anywhere(ask.q)})` : null,
    ],
    sorts: { id: { by: "e.id", type: "bigint" } },
    standard: "-id",
    id: "e.id",
  });
}

/**
 * What has happened since, in the order it was committed. Nothing is missed: it stops before the oldest transaction that
 * is still under way.
 *
 * @param after where to go on, "transaction:id"; null begins now
 */
export async function followEvents(
  ctx: Context,
  after: string | null,
): Promise<{ events: EventRow[]; last: string }> {
  requireRole(ctx, "viewer");
  const known = after?.match(/^(\d{1,19}):(\d{1,19})$/);
  if (!known) {
    const [{ xmin }] = await ctx.db<{ xmin: string }[]>`
      select pg_snapshot_xmin(pg_current_snapshot())::text as xmin`;
    return { events: [], last: `${xmin}:0` };
  }
  const events = await ctx.db<EventRow[]>`
    select *
    from events
    where (transaction_id, id) > (${known[1]}::text::xid8, ${known[2]}::text::bigint)
      and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    order by transaction_id, id
    limit 100`;
  const last = events.at(-1);
  return { events, last: last ? `${last.transactionId}:${last.id}` : after! };
}
