// Loads tables without their indexes: building an index once is many times as fast as extending it by each row.
import type { Db } from "../../../db/connect.ts";

export interface Definition {
  table: string;
  name: string;
  /** The statement that creates it again. */
  create: string;
}

/**
 * Drops the indexes and unique constraints of the tables, except those that a foreign key refers to.
 *
 * @returns what creates them again, in the order of the tables, the slowest kind first
 */
export async function dropIndexes(db: Db, tables: string[]): Promise<Definition[]> {
  const constraints = await db<Definition[]>`
    select
      c.conrelid::regclass::text as table, c.conname as name,
      format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) as create
    from pg_constraint c
    where c.conrelid = any(${tables}::regclass[]) and c.contype = 'u'
      and not exists (
        select
        from pg_constraint f
        where f.contype = 'f' and f.conindid = c.conindid
      )
    order by array_position(${tables}, c.conrelid::regclass::text), c.conname`;
  const indexes = await db<Definition[]>`
    select i.indrelid::regclass::text as table, i.indexrelid::regclass::text as name, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as create
    from pg_index i
    where i.indrelid = any(${tables}::regclass[])
      and not exists (
        select
        from pg_constraint c
        where c.conindid = i.indexrelid
      )
    order by array_position(${tables}, i.indrelid::regclass::text), i.indexrelid`;
  for (const { table, name } of constraints) {
    await db.unsafe(`alter table ${table} drop constraint ${name}`);
  }
  for (const { name } of indexes) await db.unsafe(`drop index ${name}`);
  const order = ({ table, create }: Definition) =>
    tables.indexOf(table) * 2 + (create.includes("USING gin") ? 0 : 1);
  return [...indexes, ...constraints].toSorted((a, b) => order(a) - order(b));
}
