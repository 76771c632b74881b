// What is the same in every change an administrator makes: only what really changed is recorded, what is deleted stays
// for 30 days, and what is not there is refused.
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";
import { inTransaction, requireRole } from "./context.ts";
import { type EventType, recordEvent } from "./events.ts";
import { refuse } from "./refusals.ts";

/** How long what was deleted can be restored; days. */
export const RESTORABLE_FOR = 30;

/** The fields that differ, as they were and as they are; null when none does. */
export function differences<Row extends object, Name extends keyof Row & string>(
  before: Row,
  after: Row,
  names: readonly Name[],
): { before: Record<string, unknown>; after: Record<string, unknown> } | null {
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  if (changed.length === 0) return null;
  const pick = (row: Row) => Object.fromEntries(changed.map((name) => [name, row[name]]));
  return { before: pick(before), after: pick(after) };
}

export interface Subject {
  /** "customer", as in events and sentences. */
  kind: string;
  id: number;
  /** Which customer's timeline it belongs to. */
  customerId?: number;
}

/** Refuses what is not there. */
export function refuseMissing(kind: string): never {
  refuse("NOT_FOUND", { field: "id" }, { message: `There is no ${kind.replace("_", " ")} of that id.` });
}

/**
 * Deletes or restores one row by its own room's statement, and records it.
 *
 * @param change returns the row, or nothing when there is none to change
 * @throws Refusal `NOT_FOUND`
 */
export function changeDeletion<Row extends { id: number }>(
  ctx: Context,
  subject: Subject,
  type: EventType,
  change: (ctx: Context) => Fragment,
  guard?: (ctx: Context) => Promise<void>,
): Promise<Row> {
  requireRole(ctx, "manager");
  return inTransaction(ctx, async (ctx) => {
    const [row] = await (change(ctx) as unknown as Promise<Row[]>);
    if (!row) refuseMissing(subject.kind);
    await guard?.(ctx);
    const facts = { name: (row as { name?: string }).name ?? null };
    await recordEvent(ctx, {
      type,
      subject: [subject.kind, subject.id],
      customerId: subject.customerId,
      ...(type.endsWith(".deleted") ? { before: facts } : { after: facts }),
    });
    return row;
  });
}

/** The instant before which a deletion cannot be undone any more. */
export function restorableSince(ctx: Context): Date {
  return new Date(ctx.now.getTime() - RESTORABLE_FOR * 86_400_000);
}
