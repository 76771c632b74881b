// What a backup contains: every table but `migrations`, which the restoring program writes itself, and
// unlogged ones, with the columns that
// can be inserted, and the sequences of identity columns.
import type { Db } from "../connect.ts";

/** A table and the columns whose values are saved. Generated columns are computed again. */
export interface TableToSave {
  name: string;
  columns: string[];
}

/** A sequence and the last value it gave; null when it gave none. */
export interface SequenceState {
  name: string;
  lastValue: number | null;
}

/** The tables of the schema `public`, by name; a partitioned table is one. */
export async function listTables(db: Db): Promise<TableToSave[]> {
  return await db<TableToSave[]>`
    select
      c.relname as name,
      array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relpersistence = 'p'
      and c.relname <> 'migrations'
    group by c.relname
    order by c.relname`;
}

/** The sequences of the schema `public`, by name. */
export async function listSequences(db: Db): Promise<SequenceState[]> {
  return await db<SequenceState[]>`
    select sequencename as name, last_value
    from pg_sequences
    where schemaname = 'public'
    order by sequencename`;
}

/** Whether the schema `public` has tables, views or sequences. */
export async function isEmptyDatabase(db: Db): Promise<boolean> {
  const objects = await db`
    select
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    limit 1`;
  return objects.length === 0;
}

/** A name as SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
