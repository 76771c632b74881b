// The table `changes`: what changed of the data that servers cache, written by the triggers of
// 0017_change_notifications.sql. A position in it is a snapshot: a long transaction neither delays the changes of others
// nor is missed when it commits.
import type { Db } from "./connect.ts";

/** Where a reader is. */
export interface ChangePosition {
  /** The `change_history` that the snapshot belongs to. */
  history: string;
  /** Every change that is visible in this snapshot has been read. */
  snapshot: string;
}

/** What was read, and from where to go on. */
export interface NewChanges {
  position: ChangePosition;
  /** How far the database had written its log: a replica that has replayed as much has everything that was read. */
  logPosition: string;
  /** What changed, "kind:id", each once; null when it is not known, so that everything may have. */
  tags: string[] | null;
}

/** More changes than this are not told apart. */
const LIMIT = 10_000;

/** Builds the statement that makes sure that there is a history. */
export function beginHistory(sql: Db) {
  return sql`
    insert into change_history
    default values
    on conflict do nothing`;
}

/**
 * Builds the statement that reads the changes since a position. It is one statement, so that it reads by the very snapshot
 * that it returns.
 *
 * @param from the position; null only finds the current one
 */
export function selectChanges(sql: Db, from: ChangePosition | null) {
  const snapshot = sql`coalesce(${from?.snapshot ?? null}::text::pg_snapshot, pg_current_snapshot())`;
  return sql<
    { snapshot: string; logPosition: string; history: string | null; isComplete: boolean; tags: string[] }[]
  >`
    select
      pg_current_snapshot()::text as snapshot,
      -- After the snapshot was taken, so behind every commit that it sees.
      pg_current_wal_insert_lsn()::text as log_position,
      h.id as history,
      coalesce(
        h.id = ${from?.history ?? null}::uuid and h.complete_from <= pg_snapshot_xmin(${snapshot})
        -- Another cluster, whose transaction ids are lower.
        and pg_snapshot_xmax(${snapshot}) <= pg_snapshot_xmax(pg_current_snapshot()),
        false
      ) as is_complete,
      array(
        select tag
        from (
          select tag
          from changes
          where transaction_id >= pg_snapshot_xmax(${snapshot})
            -- No transaction of this cluster has a higher id yet.
            and transaction_id < pg_snapshot_xmax(pg_current_snapshot())
          union
          select tag
          from changes
          where transaction_id = any(array(select pg_snapshot_xip(${snapshot})))
        ) since
        limit ${LIMIT + 1}
      ) as tags
    from (select) one
    left join change_history h on true`;
}

/** What the statement of `selectChanges` found; null when there is no history yet. */
export function readChanges(
  [{ snapshot, logPosition, history, isComplete, tags }]: Awaited<ReturnType<typeof selectChanges>>,
): NewChanges | null {
  if (history === null) return null;
  const isKnown = isComplete && tags.length <= LIMIT;
  return { position: { history, snapshot }, logPosition, tags: isKnown ? tags : null };
}

/**
 * Deletes the changes that no reader needs: those of transactions that had ended a minute or more ago. Whoever has not read
 * for so long forgets everything it cached.
 *
 * @returns how many
 */
export async function pruneChanges({ db }: { db: Db }): Promise<number> {
  await beginHistory(db);
  const { count } = await db`
    with history as (
      update change_history
      set
        complete_from = next_from, next_from = pg_snapshot_xmin(pg_current_snapshot()), noted_at = now()
      -- A clock that was put back deletes too early, which readers notice, and not too late.
      where noted_at not between now() - interval '1 minute' and now()
      returning complete_from
    )
    delete from changes
    using history
    where transaction_id < complete_from or transaction_id >= pg_snapshot_xmax(pg_current_snapshot())`;
  return count;
}
