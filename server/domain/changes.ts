// What is the same in every change an administrator makes: only what really changed is recorded, what is deleted stays
// for 30 days, and what is not there is refused.
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";
import { inTransaction, requireRole } from "./context.ts";
import { recordEvent } from "./events/record.ts";
import { RESTORABLE_FOR } from "./list_inputs.ts";
import { refuse, type SubjectKind } from "./errors.ts";

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
  kind: SubjectKind;
  id: number;
  /** Which customer's timeline it belongs to. */
  customerId?: number;
}

/** Refuses what is not there. */
export function refuseMissing(subject: SubjectKind): never {
  refuse("NOT_FOUND", { subject, field: "id" });
}

type Deletable = "customer" | "product" | "plan" | "release" | "resource" | "lead";
type Deletion = `${Deletable}.deleted`;
type Restoration = `${Deletable}.restored`;

function isDeletion(type: Deletion | Restoration): type is Deletion {
  return type.endsWith(".deleted");
}

/**
 * Deletes or restores one row by its own room's statement, and records it.
 *
 * @param change returns the row, or nothing when there is none to change
 * @throws DomainError `NOT_FOUND`
 */
export async function changeDeletion<Row extends { id: number }>(
  ctx: Context,
  subject: Subject,
  type: Deletion | Restoration,
  change: (ctx: Context) => Fragment,
  guard?: (ctx: Context) => Promise<void>,
): Promise<Row> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [row] = await (change(ctx) as unknown as Promise<Row[]>);
    if (!row) refuseMissing(subject.kind);
    await guard?.(ctx);
    const { name, version } = row as { name?: string; version?: string };
    const facts = { name: name ?? version ?? null };
    const about = { subjectId: subject.id, customerId: subject.customerId };
    if (isDeletion(type)) await recordEvent(ctx, { ...about, type, before: facts });
    else await recordEvent(ctx, { ...about, type, after: facts });
    return row;
  });
}

/**
 * Holds what something new is to hang on, so that it cannot be deleted before that is there.
 *
 * @throws DomainError `INVALID_REQUEST` when it is not there, or deleted
 */
export async function lockParent(ctx: Context, kind: "customer" | "product", id: number): Promise<void> {
  const [found] = await ctx.db`
    select 1
    from ${ctx.db.unsafe(`${kind}s`)}
    where id = ${id} and deleted_at is null
    for share`;
  if (!found) {
    refuse("INVALID_REQUEST", { field: `${kind}Id`, reason: "not_found", subject: kind });
  }
}

/** The instant before which a deletion cannot be undone any more. */
export function restorableSince(ctx: Context): Date {
  return new Date(ctx.now.getTime() - RESTORABLE_FOR * 86_400_000);
}

/** Until when a deletion can be undone; null of what is not deleted. */
export interface Restorable {
  restorableUntil: Date | null;
}

/** The column `restorable_until`, for what is read one by one or listed. */
export function restorableUntil(ctx: Context, deletedAt: Fragment): Fragment {
  return ctx.db`${deletedAt} + make_interval(hours => ${RESTORABLE_FOR * 24}) as restorable_until`;
}

/** The condition that leaves deleted rows out, or shows them alone. */
export function deletedOrNot(ctx: Context, column: Fragment, deleted = false): Fragment {
  return deleted ? ctx.db`${column} is not null` : ctx.db`${column} is null`;
}

/**
 * Changes the fields of one row that are given, by its own room's statements, and records what really changed.
 *
 * @param names the fields that can be changed
 * @throws DomainError `NOT_FOUND`, `CONFLICT` when something is taken
 */
export async function editRow<Row extends { id: number }>(
  ctx: Context,
  kind: "product" | "plan" | "release" | "resource" | "customer" | "user",
  names: readonly (keyof Row & string)[],
  statements: { held: (ctx: Context) => Fragment; write: (ctx: Context, row: Row) => Fragment },
  changes: Partial<Row>,
): Promise<Row> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [before] = await (statements.held(ctx) as unknown as Promise<Row[]>);
    if (!before) refuseMissing(kind);
    const [after] = await (statements.write(ctx, { ...before, ...changes }) as unknown as Promise<Row[]>);
    const changed = differences(before, after, names);
    if (changed) {
      await recordEvent(ctx, {
        type: `${kind}.updated`,
        subjectId: after.id,
        ...(kind === "customer" ? { customerId: after.id } : {}),
        ...changed,
      });
    }
    return after;
  });
}
