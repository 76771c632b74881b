// Readers of the events table. Each reader gets every committed event once, in order. Its position is saved in the
// transaction that processes the events, so a reader that dies continues where it was.
import type { Actor } from "../actor.ts";
import type { Context } from "../context.ts";
import { inTransaction } from "../context.ts";
import type { EventType } from "./record.ts";

export const eventReaderNames = ["webhooks", "usage", "statistics", "search", "mails"] as const;
export type EventReaderName = typeof eventReaderNames[number];

/** A row of `event_readers`. */
export interface EventReaderRow {
  name: EventReaderName;
  transactionId: string;
  eventId: number;
  highestId: number;
  systemIdentifier: string;
  restoredUpTo: number;
}

/** What a reader gets of an event. */
export interface ReadEvent {
  id: number;
  type: EventType;
  occurredAt: Date;
  actorKind: Actor["kind"];
  licenseId: number | null;
  activationId: number | null;
  transactionId: string;
  /** What caused it, for traces. */
  traceparent: string | null;
}

/**
 * Reads the next events of a reader and processes them, unless another process is reading for it at the moment.
 *
 * @param limit the highest number of events
 * @param process runs in one transaction with the update of the position
 * @returns how many were read; fewer than `limit` means that there are no more
 */
export function readEvents(
  ctx: Context,
  reader: EventReaderName,
  limit: number,
  process: (ctx: Context, events: ReadEvent[]) => Promise<void>,
): Promise<number> {
  return inTransaction(ctx, async (ctx) => {
    const [position] = await ctx.db<(EventReaderRow & { isRestored: boolean })[]>`
      select *, system_identifier <> (select system_identifier::text from pg_control_system()) as is_restored
      from event_readers
      where name = ${reader}
      for no key update skip locked`;
    if (!position) return 0;
    if (position.isRestored) return await readAfterRestore(ctx, position, process);
    const events = await ctx.db<ReadEvent[]>`
      select id, type, occurred_at, actor_kind, license_id, activation_id, transaction_id::text, traceparent
      from events
      where (transaction_id, id) > (${position.transactionId}::text::xid8, ${position.eventId}::bigint)
        and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
        and id > ${position.restoredUpTo}
      order by transaction_id, id
      limit ${limit}`;
    if (events.length === 0) return 0;
    await process(ctx, events);
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
 * Continues in a database that was restored into another cluster, whose transaction ids start again: reads the events
 * after the old position and those with higher ids than any read before, and sets the position by the new cluster's
 * transaction ids. Transactions still running are read later; an event may be read twice, none is missed.
 */
async function readAfterRestore(
  ctx: Context,
  position: EventReaderRow,
  process: (ctx: Context, events: ReadEvent[]) => Promise<void>,
): Promise<number> {
  const [{ oldest }] = await ctx.db<{ oldest: string }[]>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as oldest`;
  const events = await ctx.db<ReadEvent[]>`
    select id, type, occurred_at, actor_kind, license_id, activation_id, transaction_id::text, traceparent
    from events
    where id > ${position.highestId}
      or (transaction_id, id) > (${position.transactionId}::text::xid8, ${position.eventId}::bigint)
    order by id`;
  if (events.length > 0) await process(ctx, events);
  await ctx.db`
    update event_readers
    set
      transaction_id = ${oldest}::text::xid8, event_id = 0,
      system_identifier = (select system_identifier::text from pg_control_system()), restored_up_to = highest_id
    where name = ${position.name}`;
  return events.length;
}
