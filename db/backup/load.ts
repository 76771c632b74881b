// Loads the rows of a backup into the tables of an empty, migrated database: in one transaction, without triggers, with
// indexes and foreign keys built once at the end.
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Database, type Db, transaction } from "../connect.ts";
import { BackupError } from "./format.ts";
import { type BackupConsumer, type BackupContent, readBackup } from "./read.ts";
import { listTables, quoteName, type SequenceState } from "./tables.ts";

/** A constraint or index that is removed before the load and built after it. */
interface Removed {
  remove: string;
  build: string;
}

/**
 * Loads a backup.
 *
 * @param db an empty database with the schema of the backup
 * @param idGap how far ids continue after the highest of the backup. Ids that were given after the backup was made are
 *   known outside, to webhook receivers and apps, and must not mean something else
 * @throws BackupError when the backup is damaged; the tables are empty then
 */
export async function loadBackup(
  db: Database,
  source: AsyncIterable<Uint8Array>,
  { idGap }: { idGap: number },
): Promise<BackupContent> {
  return await transaction(db, async (tx) => {
    await tx.unsafe(
      `set local statement_timeout = 0;
       set local lock_timeout = 0;
       set local transaction_timeout = 0;
       set local idle_in_transaction_session_timeout = 0;
       set local datestyle = 'ISO';
       set local intervalstyle = 'postgres'`,
    );
    const tables = await listTables(tx);
    const removed = await listRemovable(tx);
    await tx.unsafe([
      ...removed.map(({ remove }) => remove),
      ...tables.map(({ name }) => `alter table ${quoteName(name)} disable trigger user`),
      // Migrations insert rows of their own, which the backup contains as well.
      ...tables.map(({ name }) => `delete from ${quoteName(name)}`),
    ].join(";\n"));
    const content = await readBackup(source, loadInto(tx, tables.map(({ name }) => name)));
    // Indexes first: the check of a foreign key uses them.
    await tx.unsafe([
      ...removed.toReversed().map(({ build }) => build),
      ...tables.map(({ name }) => `alter table ${quoteName(name)} enable trigger user`),
    ].join(";\n"));
    await advanceSequences(tx, idGap, content.end.sequences);
    return content;
  });
}

function loadInto(tx: Db, known: string[]): BackupConsumer {
  return {
    async onHeader({ eventPartitions }) {
      if (!eventPartitions) return;
      await tx`
        select restore_event_partitions(${eventPartitions.first}, ${eventPartitions.last})`;
    },
    async onTable({ name, copy }, rows) {
      if (!known.includes(name)) {
        throw new BackupError(`The database has no table ${name}, which the backup contains.`);
      }
      const first = await rows.next();
      if (first.done) return;
      const target: Writable = await tx.unsafe(copy).writable();
      await pipeline(
        async function* () {
          yield first.value;
          yield* rows;
        },
        target,
      );
    },
  };
}

/** Foreign keys, then indexes that belong to no constraint. */
async function listRemovable(tx: Db): Promise<Removed[]> {
  return await tx<Removed[]>`
    select remove, build
    from (
      select
        1 as step, conrelid::regclass::text as of, conname as name,
        format('alter table %s drop constraint %I', conrelid::regclass, conname) as remove,
        format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as build
      from pg_constraint
      where connamespace = 'public'::regnamespace and contype = 'f' and conparentid = 0
      union all
      select 2, indrelid::regclass::text, indexrelid::regclass::text,
        format('drop index %s', indexrelid::regclass), replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
      from pg_index i
      join pg_class c on c.oid = i.indrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
    ) as removable
    order by step, of, name`;
}

/** Lets ids continue so far after the highest; those of a table that had no row yet were given since then as well. */
export async function advanceSequences(db: Db, gap: number, sequences: SequenceState[]): Promise<void> {
  for (const { name, lastValue } of sequences) {
    const last = (lastValue ?? 0) + gap;
    if (last === 0) continue;
    await db`
      select setval(${quoteName(name)}::regclass, ${last}::bigint)`;
  }
}
