// Reading, updating, deleting and restoring one row, each with its event in the same transaction. An entity defines the
// two statements for its table and its events; the verbs of its folder call the functions below.
import type { Fragment } from "../../db/connect.ts";
import { type Context, inTransaction } from "./context.ts";
import { requireRole } from "./authorization.ts";
import { type Conflict, isDomainError, refuse, type SubjectKind } from "./errors.ts";
import { type EventRecord, type EventType, recordEvent } from "./events/record.ts";
import { type Restorable, restorableSince, withRestorableUntil } from "./soft_delete.ts";
import { pickValues, requireRevision, revisionOf, type SeenRevision, type WithRevision } from "./revision.ts";

/** An event of any type with the facts of that type. */
type AnyEventRecord = { [Type in EventType]: EventRecord<Type> }[EventType];

type Rows<Row> = PromiseLike<readonly Row[]>;

/** Fields before and after an update. */
export interface Difference {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

/** A row that administrators update. */
export interface Entity<Row extends { id: number }> {
  /** What errors call it. */
  subject: SubjectKind;
  /** The fields that can be updated; its revision covers them. */
  fields: readonly (keyof Row & string)[];
  /**
   * Selects the row, deleted or not.
   *
   * @param locking "for update", or empty
   */
  select(ctx: Context, id: number, locking: Fragment): Rows<Row>;
  /** Writes the fields of the row, and `deleted_at` where there is one. */
  save(ctx: Context, row: Row): Rows<Row>;
  /** Refuses changes of a row that is no more than a reference to another one. The row is locked. */
  requireChangeable?(row: Row): void;
  /** Refuses values that an update would leave beside each other. */
  requireConsistent?(row: Row): void;
  /** The event of an update with the fields that changed. */
  updated(row: Row, difference: Difference): AnyEventRecord;
}

/** A row that administrators also delete and restore. */
export interface DeletableEntity<Row extends { id: number; deletedAt: Date | null }> extends Entity<Row> {
  deleted(row: Row): AnyEventRecord;
  restored(row: Row): AnyEventRecord;
  /** Refuses a deletion that would leave other rows without their parent. When it is deleted, the row is locked. */
  beforeDelete?(ctx: Context, row: Row): Promise<void>;
}

/** The input of an update: only the given fields are changed. */
export interface Update<Changes> {
  id: number;
  changes: Changes;
  /** The revision the changes were made to; without it, they apply to any. */
  revision?: SeenRevision;
}

/** The verbs of an entity. */
export interface EntityVerbs<Row, Changes> {
  /**
   * Reads a row, deleted or not.
   *
   * @throws DomainError `NOT_FOUND`
   */
  get(ctx: Context, id: number): Promise<Row & Restorable & WithRevision>;
  /**
   * Updates the given fields and records those that changed.
   *
   * @throws DomainError `NOT_FOUND`, `REVISION_OUTDATED`, `CONFLICT` when a unique value exists already
   */
  update(ctx: Context, input: Update<Changes>): Promise<Row & WithRevision>;
  /**
   * Deletes a row; it can be restored for 30 days.
   *
   * @param revision the revision that was seen; without it, any
   * @throws DomainError `NOT_FOUND`, `REVISION_OUTDATED`, `CONFLICT` when `beforeDelete` refuses
   */
  delete(ctx: Context, id: number, revision?: SeenRevision): Promise<void>;
  /**
   * Finds what a deletion would be refused for; null when it would not.
   *
   * @throws DomainError `NOT_FOUND`
   */
  findDeleteConflict(ctx: Context, id: number): Promise<Conflict | null>;
  /**
   * Restores a row that was deleted within the last 30 days.
   *
   * @throws DomainError `NOT_FOUND`
   */
  restore(ctx: Context, id: number): Promise<Row>;
}

/** Builds the verbs of an entity; its folder exports them under its own names. */
export function entityVerbs<Row extends { id: number; deletedAt: Date | null }, Changes extends Partial<Row>>(
  entity: DeletableEntity<Row>,
): EntityVerbs<Row, Changes> {
  return {
    get: (ctx, id) => getEntity(ctx, entity, id),
    update: (ctx, input) => updateEntity(ctx, entity, input),
    delete: (ctx, id, revision) => deleteEntity(ctx, entity, id, revision),
    findDeleteConflict: (ctx, id) => findDeleteConflict(ctx, entity, id),
    restore: (ctx, id) => restoreEntity(ctx, entity, id),
  };
}

/**
 * Reads a row, deleted or not.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getEntity<Row extends { id: number; deletedAt: Date | null }>(
  ctx: Context,
  entity: DeletableEntity<Row>,
  id: number,
): Promise<Row & Restorable & WithRevision> {
  requireRole(ctx, "viewer");
  const [row] = await entity.select(ctx, id, ctx.db``);
  return row ? withRevision(entity, withRestorableUntil(row)) : refuseNotFound(entity.subject);
}

/**
 * Updates the given fields of a row and records those that changed.
 *
 * @throws DomainError `NOT_FOUND`, `REVISION_OUTDATED`, `CONFLICT` when a unique value exists already
 */
export async function updateEntity<Row extends { id: number; deletedAt?: Date | null }>(
  ctx: Context,
  entity: Entity<Row>,
  { id, changes, revision }: Update<Partial<Row>>,
): Promise<Row & WithRevision> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [before] = await entity.select(ctx, id, ctx.db`for update`);
    if (before) entity.requireChangeable?.(before);
    if (!before || before.deletedAt) refuseNotFound(entity.subject);
    requireRevision({ subject: entity.subject, current: pickValues(before, entity.fields) }, revision);
    const changed = { ...before, ...changes };
    entity.requireConsistent?.(changed);
    const [after] = await entity.save(ctx, changed);
    const difference = differenceOf(before, after, entity.fields);
    if (difference) await recordEvent(ctx, entity.updated(after, difference));
    return withRevision(entity, after);
  });
}

/** Adds its revision to a row, or to anything that has the fields of the entity. */
export function withRevision<Row extends object>(
  { fields }: { fields: readonly (keyof Row & string)[] },
  row: Row,
): Row & WithRevision {
  return { ...row, revision: revisionOf(pickValues(row, fields)) };
}

/**
 * Deletes a row; it can be restored for 30 days.
 *
 * @throws DomainError `NOT_FOUND`, `REVISION_OUTDATED`, `CONFLICT` when `beforeDelete` refuses
 */
async function deleteEntity<Row extends { id: number; deletedAt: Date | null }>(
  ctx: Context,
  entity: DeletableEntity<Row>,
  id: number,
  revision?: SeenRevision,
): Promise<void> {
  requireRole(ctx, "manager");
  await inTransaction(ctx, async (ctx) => {
    const [row] = await entity.select(ctx, id, ctx.db`for update`);
    if (row) entity.requireChangeable?.(row);
    if (!row || row.deletedAt) refuseNotFound(entity.subject);
    requireRevision({ subject: entity.subject, current: pickValues(row, entity.fields) }, revision);
    await entity.beforeDelete?.(ctx, row);
    await entity.save(ctx, { ...row, deletedAt: ctx.now });
    await recordEvent(ctx, entity.deleted(row));
  });
}

/**
 * Finds what a deletion would be refused for; null when it would not, or the row is deleted.
 *
 * @throws DomainError `NOT_FOUND`
 */
async function findDeleteConflict<Row extends { id: number; deletedAt: Date | null }>(
  ctx: Context,
  entity: DeletableEntity<Row>,
  id: number,
): Promise<Conflict | null> {
  requireRole(ctx, "viewer");
  const [row] = await entity.select(ctx, id, ctx.db``);
  if (!row) refuseNotFound(entity.subject);
  if (row.deletedAt) return null;
  try {
    await entity.beforeDelete?.(ctx, row);
    return null;
  } catch (error) {
    if (isDomainError(error, "CONFLICT")) return error.facts;
    throw error;
  }
}

/**
 * Restores a row that was deleted within the last 30 days.
 *
 * @throws DomainError `NOT_FOUND`
 */
async function restoreEntity<Row extends { id: number; deletedAt: Date | null }>(
  ctx: Context,
  entity: DeletableEntity<Row>,
  id: number,
): Promise<Row> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [row] = await entity.select(ctx, id, ctx.db`for update`);
    if (row) entity.requireChangeable?.(row);
    if (!row?.deletedAt || row.deletedAt <= restorableSince(ctx)) refuseNotFound(entity.subject);
    const [restored] = await entity.save(ctx, { ...row, deletedAt: null });
    await recordEvent(ctx, entity.restored(restored));
    return restored;
  });
}

/** The fields that differ, before and after; null when none does. */
export function differenceOf<Row extends object>(
  before: Row,
  after: Row,
  fields: readonly (keyof Row & string)[],
): Difference | null {
  const changed = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  if (changed.length === 0) return null;
  const pick = (row: Row) => Object.fromEntries(changed.map((field) => [field, row[field]]));
  return { before: pick(before), after: pick(after) };
}

/** @throws DomainError `NOT_FOUND`, always */
export function refuseNotFound(subject: SubjectKind): never {
  refuse("NOT_FOUND", { subject, field: "id" });
}

/** @throws DomainError `INVALID_REQUEST`, always: the input refers to a row that does not exist */
export function refuseUnknownReference(subject: SubjectKind): never {
  refuse("INVALID_REQUEST", { field: `${subject}Id`, reason: "not_found", subject });
}
