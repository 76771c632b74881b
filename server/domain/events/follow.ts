// Reading events as they are committed. A position is a snapshot of transactions and not a number: a long transaction
// neither delays the events of others nor is missed when it commits.
import type { Context } from "../context.ts";
import { eventColumns, type ListedEvent } from "./timeline.ts";

/** Events read at a time. */
const LIMIT = 500;

export interface NewEvents {
  /** In the order of their transactions, each with the position after it. */
  events: { event: ListedEvent; position: string }[];
  /** Everything committed before this position is in `events`, unless `isComplete` is false. */
  position: string;
  /** False when there are more than can be read at a time. */
  isComplete: boolean;
}

/** "from": a snapshot; or "from/until/transaction:id", an event between two snapshots. */
const form = /^(\d+:\d+:[\d,]*)(?:\/(\d+:\d+:[\d,]*)\/(\d{1,19}):(\d{1,19}))?$/;

/** The parts of a position; null for text that is none, or none that PostgreSQL could have written. */
function parsePosition(text: string | null): RegExpMatchArray | null {
  const parts = text?.match(form);
  if (!parts) return null;
  const [, from, middle, ...ids] = parts;
  const snapshots = middle === undefined ? [from] : [from, middle];
  const isPossible = snapshots.every(isSnapshot) &&
    ids.every((id) => id === undefined || BigInt(id) < MAX_ID);
  return isPossible ? parts : null;
}

const MAX_ID = 2n ** 63n;

/** Whether text is a `pg_snapshot`: "xmin:xmax:xip,…", where the running transactions ascend from xmin to below xmax. */
function isSnapshot(text: string): boolean {
  const [xmin, xmax, running] = text.split(":");
  const ids = [xmin, ...(running === "" ? [] : running.split(","))].map((id) => id === "" ? -1n : BigInt(id));
  const last = BigInt(xmax);
  return ids[0] > 0n && last < MAX_ID && ids[0] <= last &&
    ids.slice(1).every((id, index) => id >= ids[index] && id < last);
}

/**
 * The events committed since a position, each once, with license keys in full: they are read once for all readers.
 *
 * @param after the position of the last event that arrived; null, or text that is no position, reads nothing and
 *   returns the current position
 * @param until the position to read to; the current one when not given
 */
export async function readEventsAfter(
  ctx: Pick<Context, "db">,
  after: string | null,
  until: string | null = null,
): Promise<NewEvents> {
  const parts = parsePosition(after);
  if (!parts) {
    const [{ now }] = await ctx.db<{ now: string }[]>`
      select pg_current_snapshot()::text as now`;
    return { events: [], position: now, isComplete: true };
  }
  const [, from, middle = until, transaction = "0", id = "0"] = parts;
  // One statement, so that it reads by the very snapshot it returns.
  const rows = await ctx.db<(ListedEvent & { until: string })[]>`
    select span.until::text as until, found.*
    from (select coalesce(${middle}::text::pg_snapshot, pg_current_snapshot()) as until) span
    left join lateral (
      select ${eventColumns(ctx, ctx.db`l.key`)}
      from events e
      where e.transaction_id >= pg_snapshot_xmin(${from}::text::pg_snapshot)
        and not pg_visible_in_snapshot(e.transaction_id, ${from}::text::pg_snapshot)
        and pg_visible_in_snapshot(e.transaction_id, span.until)
        and (e.transaction_id, e.id) > (${transaction}::text::xid8, ${id}::text::bigint)
      order by e.transaction_id, e.id
      limit ${LIMIT}
    ) found on true
    order by found.transaction_id, found.id`;
  const position = rows[0].until;
  const events = rows.filter(({ id }) => id !== null).map(({ until, ...event }) => ({
    event,
    position: `${from}/${until}/${event.transactionId}:${event.id}`,
  }));
  // In the middle of a span its rest is read; what came after the span is still to be read.
  const isWhole = events.length < LIMIT;
  if (isWhole && parts[2] && parts[2] !== until) {
    const rest = await readEventsAfter(ctx, position, until);
    return { ...rest, events: [...events, ...rest.events] };
  }
  return { events, position, isComplete: isWhole };
}
