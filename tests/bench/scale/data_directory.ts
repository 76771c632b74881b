// The data set of `deno task bench:scale` in a folder that is kept, so that a later run needs no load.
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { connect } from "../../../db/connect.ts";
import { ownProgram, readMigrations } from "../../../db/migration_files.ts";
import { migrate } from "../../../db/migrate.ts";
import { timeLimits } from "../../../db/time_limits.ts";
import { startPostgres } from "../../../db/embedded/postgres.ts";
import { testSecrets } from "../../support/secrets.ts";
import { loadDataSet } from "./load.ts";

/** What is known of the data in a folder. */
export interface LoadedData {
  factor: number;
  loadedAt: string;
  /** How long the load took. */
  seconds: number;
  /** The hash of the migrations it was loaded with. */
  schema: string;
  /** What is encrypted in the database needs the same key in every run. */
  secrets: typeof testSecrets;
}

export interface DataOptions {
  folder: string;
  factor: number;
  /** Loads again, whatever is there. */
  reload?: boolean;
  /** Uses the data with a schema that differs from the migrations, for one who tries indexes on it. */
  keepSchema?: boolean;
}

/** Settings of the database as it is measured: those of a machine that has 4 GB for it. */
export const postgresSettings = [
  "shared_buffers=1GB",
  "effective_cache_size=3GB",
  "max_wal_size=4GB",
  "random_page_cost=1.1",
];

/** Settings while loading: the write-ahead log has only what a clean stop needs. */
const loadingSettings = [
  ...postgresSettings,
  "fsync=off",
  "full_page_writes=off",
  "wal_level=minimal",
  "max_wal_size=16GB",
  "autovacuum=off",
];

/** The hash of all migrations. */
async function hashOfSchema(): Promise<string> {
  const migrations = await readMigrations(ownProgram.folder);
  return createHash("sha256").update(migrations.map(({ hash }) => hash).join()).digest("hex");
}

/**
 * Makes sure that the folder has the data set, and loads it if it is not there, has another size or another schema.
 *
 * @param print called with a line for each step
 */
export async function ensureDataSet(
  options: DataOptions,
  print: (line: string) => void,
): Promise<LoadedData> {
  const folder = resolve(options.folder);
  const file = join(folder, "data_set.json");
  const schema = await hashOfSchema();
  const found = await readIfExists(file);
  if (found && !options.reload && found.factor === options.factor) {
    if (found.schema === schema) return found;
    if (options.keepSchema) {
      await acceptSchema(folder);
      return found;
    }
    print(`The data in ${folder} has another schema; it is loaded again. --keep-schema uses it as it is.`);
  }
  await Deno.mkdir(folder, { recursive: true });
  await Deno.remove(file).catch(() => {});
  const began = performance.now();
  const postgres = await startPostgres({ dir: join(folder, "postgres"), settings: loadingSettings });
  try {
    const db = connect(postgres.url, { max: 4, name: "bench", limits: timeLimits.build });
    await db.unsafe("drop schema if exists bench cascade; drop schema public cascade; create schema public");
    await migrate(db);
    await loadDataSet(db, {
      factor: options.factor,
      encryptionKey: testSecrets.ENCRYPTION_KEY,
      onStep: (step, seconds) => print(`${seconds.toFixed(1).padStart(7)} s  ${step}`),
    });
    await db.end();
  } finally {
    await postgres.stop();
  }
  const loaded: LoadedData = {
    factor: options.factor,
    loadedAt: new Date().toISOString(),
    seconds: Math.round((performance.now() - began) / 1000),
    schema,
    secrets: testSecrets,
  };
  await Deno.writeTextFile(file, JSON.stringify(loaded, null, 2) + "\n");
  print(`Loaded in ${loaded.seconds} s.`);
  return loaded;
}

/** Records the migrations as applied in their present form. What they changed is left to the caller. */
async function acceptSchema(folder: string): Promise<void> {
  const postgres = await startPostgres({ dir: join(folder, "postgres"), settings: postgresSettings });
  const db = connect(postgres.url, { max: 1, name: "bench" });
  try {
    const own = await readMigrations(ownProgram.folder);
    await db`
      insert into migrations (name, hash, requires)
      select *
      from unnest(
        ${own.map(({ name }) => name)}::text[], ${own.map(({ hash }) => hash)}::text[],
        ${own.map(({ requires }) => requires)}::text[]
      )
      on conflict (name) do update
      set hash = excluded.hash, requires = excluded.requires`;
  } finally {
    await db.end();
    await postgres.stop();
  }
}

async function readIfExists(file: string): Promise<LoadedData | null> {
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch {
    return null;
  }
}
