// Reading events behind the verbs' backs. Each reader sees every committed event once, in order, and its place is kept
// in the transaction of what it does with them: a reader that dies begins again where it was.
import type { Context } from "../context.ts";
import { inTransaction } from "../context.ts";
import type { EventType } from "./record.ts";

export type EventReaderName = "webhooks" | "usage" | "statistics";

/** A row of `event_readers`. */
export interface EventReaderRow {
  name: EventReaderName;
  transactionId: string;
  eventId: number;
  highestId: number;
  life: string;
  earlierId: number;
}

/** What readers are told of an event. */
export interface ReadEvent {
  id: number;
  type: EventType;
  occurredAt: Date;
  licenseId: number | null;
  transactionId: string;
}

/**
 * Hands a reader the next events, if there are any and nobody else is reading for it.
 *
 * @param most events at a time
 * @param take does what is to be done; in one transaction with the reader's new place
 * @returns how many were read; fewer than `most` means that there are no more
 */
export function readEvents(
  ctx: Context,
  reader: EventReaderName,
  most: number,
  take: (ctx: Context, events: ReadEvent[]) => Promise<void>,
): Promise<number> {
  return inTransaction(ctx, async (ctx) => {
    const [place] = await ctx.db<(EventReaderRow & { moved: boolean })[]>`
      select *, life <> (select system_identifier::text from pg_control_system()) as moved
      from event_readers
      where name = ${reader}
      for no key update skip locked`;
    if (!place) return 0;
    if (place.moved) return await enterNewLife(ctx, place, take);
    const events = await ctx.db<ReadEvent[]>`
      select id, type, occurred_at, license_id, transaction_id::text
      from events
      where (transaction_id, id) > (${place.transactionId}::text::xid8, ${place.eventId}::bigint)
        and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
        and id > ${place.earlierId}
      order by transaction_id, id
      limit ${most}`;
    if (events.length === 0) return 0;
    await take(ctx, events);
    const last = events.at(-1)!;
    await ctx.db`
      update event_readers
      set
        transaction_id = ${last.transactionId}::text::xid8, event_id = ${last.id},
        highest_id = greatest(highest_id, ${Math.max(...events.map(({ id }) => id))}::bigint)
      where name = ${reader}`;
    return events.length;
  });
}

/**
 * Goes on in a database that was restored into another cluster, where transactions are counted from elsewhere: reads
 * what the old count leaves unread and what is newer than anything seen, and then goes by the new count. What is still
 * under way at this moment is seen later; an event may be seen twice, none is missed.
 */
async function enterNewLife(
  ctx: Context,
  place: EventReaderRow,
  take: (ctx: Context, events: ReadEvent[]) => Promise<void>,
): Promise<number> {
  const [{ oldest }] = await ctx.db<{ oldest: string }[]>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as oldest`;
  const events = await ctx.db<ReadEvent[]>`
    select id, type, occurred_at, license_id, transaction_id::text
    from events
    where id > ${place.highestId}
      or (transaction_id, id) > (${place.transactionId}::text::xid8, ${place.eventId}::bigint)
    order by id`;
  if (events.length > 0) await take(ctx, events);
  await ctx.db`
    update event_readers
    set
      transaction_id = ${oldest}::text::xid8, event_id = 0,
      life = (select system_identifier::text from pg_control_system()), earlier_id = highest_id
    where name = ${place.name}`;
  return events.length;
}
