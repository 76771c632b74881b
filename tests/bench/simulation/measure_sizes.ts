// How large the data set is in PostgreSQL: each table and index, and a backup of it.
import { join } from "node:path";
import process from "node:process";
import { createBackup } from "../../../cli/backup/create_backup.ts";
import { connect } from "../../../db/connect.ts";
import { startPostgres } from "../../../db/embedded/postgres.ts";
import { ensureDataSet, postgresSettings } from "../scale/data_directory.ts";

/** A table or an index, the partitions of one together. */
export interface Relation {
  table: string;
  /** Null for the table itself, with what is stored beside it (TOAST). */
  index: string | null;
  /** Of an index: calls of apps find rows by the unique ones. */
  isUnique: boolean;
  bytes: number;
}

export interface MeasuredSizes {
  factor: number;
  licenses: number;
  activations: number;
  activeMachines: number;
  events: number;
  relations: Relation[];
  /** The file, compressed and encrypted, and the processor time of making it: that of this process. */
  backup: { bytes: number; seconds: number };
}

/** Loads a part of the data set of `deno task bench:scale` into a folder of its own and measures it. */
export async function measureSizes(
  folder: string,
  factor: number,
  print: (line: string) => void,
): Promise<MeasuredSizes> {
  const data = join(folder, String(factor));
  await ensureDataSet({ folder: data, factor }, print);
  const postgres = await startPostgres({ dir: join(data, "postgres"), settings: postgresSettings });
  const db = connect(postgres.url, { max: 2, name: "bench" });
  try {
    const [counts] = await db<
      { licenses: number; activations: number; activeMachines: number; events: number }[]
    >`
      select
        (select count(*) from licenses) as licenses,
        (select count(*) from activations) as activations,
        (select count(*) from activations where is_active) as active_machines,
        (select count(*) from events) as events`;
    const relations = await db<Relation[]>`
      select
        coalesce(pg_partition_root(t.oid), t.oid)::regclass::text as table,
        null as index,
        false as is_unique,
        sum(pg_table_size(t.oid))::bigint as bytes
      from pg_class t
      where t.relnamespace = 'public'::regnamespace and t.relkind = 'r'
      group by 1
      union all
      select
        coalesce(pg_partition_root(t.oid), t.oid)::regclass::text,
        coalesce(pg_partition_root(i.indexrelid), i.indexrelid)::regclass::text,
        i.indisunique,
        sum(pg_relation_size(i.indexrelid))::bigint
      from pg_class t
      join pg_index i on i.indrelid = t.oid
      where t.relnamespace = 'public'::regnamespace and t.relkind = 'r'
      group by 1, 2, 3`;
    return { factor, ...counts, relations: [...relations], backup: await measureBackup(postgres.url, data) };
  } finally {
    await db.end();
    await postgres.stop();
  }
}

async function measureBackup(databaseUrl: string, folder: string): Promise<MeasuredSizes["backup"]> {
  const target = join(folder, "backup");
  const before = processorSeconds();
  const { bytes } = await createBackup({
    databaseUrl,
    folder: target,
    key: crypto.randomUUID() + crypto.randomUUID(),
    keep: null,
    programVersion: "bench",
  });
  const seconds = processorSeconds() - before;
  await Deno.remove(target, { recursive: true });
  return { bytes, seconds };
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
