// Reading from a replica of the database: what may be a little old, and what the process can tell to be recent enough.
import type { Db } from "../../db/connect.ts";

/**
 * What a replica must have: every change of cached data that this process has heard of, or everything that was committed when
 * it last asked, which it does four times a second and after its own writes.
 */
export type ReplicaNeed = "heard" | "read";

export interface Replica {
  /**
   * Reads from the replica, on one connection.
   *
   * @returns null when it lacks what is needed or does not answer: the database itself is to be asked
   */
  read<T>(need: ReplicaNeed, read: (db: Db) => Promise<T>): Promise<{ value: T } | null>;
  /** This process has written: what the replica has so far is not enough any more. */
  noteWrite(): void;
}

/** What reading from a replica needs of a context. */
interface ReplicaContext {
  db: Db;
  replica?: Replica;
  /** Present inside a transaction. */
  changedTags?: unknown;
}

/** Reads from the replica what may be a quarter of a second old; from the database where that cannot be told or done. */
export async function readAnywhere<Ctx extends ReplicaContext, T>(
  ctx: Ctx,
  read: (ctx: Ctx) => Promise<T>,
): Promise<T> {
  return await findOnReplica(ctx, "read", (db) => read({ ...ctx, db })) ?? await read(ctx);
}

/**
 * Reads from the replica inside no transaction.
 *
 * @returns null when it cannot be read, or when `find` found nothing
 */
export async function findOnReplica<T>(
  { replica, changedTags }: ReplicaContext,
  need: ReplicaNeed,
  find: (db: Db) => Promise<T>,
): Promise<T | null> {
  if (!replica || changedTags) return null;
  return (await replica.read(need, find))?.value ?? null;
}
