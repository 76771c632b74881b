// Point-in-time recovery with PostgreSQL's own means, as docs/operations/backup.md describes it: a copy of the data folder,
// archived WAL, and a recovery that stops before a mistake.
import { join } from "node:path";
import { startPostgres } from "../../db/embedded/postgres.ts";
import { connect, type Database } from "../../db/connect.ts";
import { migrate } from "../../db/migrate.ts";
import { eventually } from "../support/test.ts";

interface Recovered {
  /** Customers that were written after the copy and before the mistake. */
  expected: number;
  found: number;
  seconds: number;
}

/** Recovers a cluster to the instant before all customers were deleted. */
export async function recoverToInstant(): Promise<Recovered> {
  const folder = await Deno.makeTempDir({ prefix: "latchkey-pitr-" });
  await Deno.chmod(folder, 0o755);
  const archive = join(folder, "archive");
  await Deno.mkdir(archive);
  await Deno.chmod(archive, 0o777);
  try {
    await configure(join(folder, "main"), {
      archive_mode: "on",
      archive_command: `test ! -f ${archive}/%f && cp %p ${archive}/%f`,
    });
    const main = await startPostgres({ dir: join(folder, "main") });
    const db = connect(main.url, { max: 1, name: "torture" });
    await migrate(db);
    await addCustomers(db, 1000);
    await copyCluster(db, join(folder, "main/cluster"), join(folder, "recovered/cluster"));
    await addCustomers(db, 1000);
    const [{ before }] = await db<{ before: string }[]>`
      select clock_timestamp()::text as before`;
    await db`
      delete from customers`;
    await db`
      select pg_switch_wal()`;
    await db.end();
    await main.stop();

    const began = performance.now();
    const data = join(folder, "recovered/cluster/data");
    await Deno.writeTextFile(join(data, "recovery.signal"), "");
    await appendSettings(data, {
      archive_mode: "off",
      restore_command: `cp ${archive}/%f %p`,
      recovery_target_time: before,
      recovery_target_action: "promote",
    });
    const recovered = await startPostgres({ dir: join(folder, "recovered") });
    const restored = connect(recovered.url, { max: 1, name: "torture" });
    // It answers queries while it recovers, and is a primary afterwards.
    await eventually(async () => {
      const [{ isRecovering }] = await restored<{ isRecovering: boolean }[]>`
        select pg_is_in_recovery() as is_recovering`;
      return !isRecovering;
    }, 60_000);
    const [{ found }] = await restored<{ found: number }[]>`
      select count(*) as found
      from customers`;
    const seconds = (performance.now() - began) / 1000;
    await addCustomers(restored, 1);
    await restored.end();
    await recovered.stop();
    return { expected: 2000, found, seconds };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Creates a cluster with these settings. */
async function configure(dir: string, settings: Record<string, string>): Promise<void> {
  const postgres = await startPostgres({ dir });
  await postgres.stop();
  await appendSettings(join(dir, "cluster/data"), settings);
}

async function appendSettings(data: string, settings: Record<string, string>): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  await Deno.writeTextFile(join(data, "postgresql.auto.conf"), lines.join(""), { append: true });
}

async function addCustomers(db: Database, count: number): Promise<void> {
  await db`
    insert into customers (name, created_at, updated_at)
    select 'Customer ' || n, now(), now()
    from generate_series(1, ${count}::integer) as n`;
}

/** Copies the data folder of a running cluster between pg_backup_start and pg_backup_stop. */
async function copyCluster(db: Database, from: string, to: string): Promise<void> {
  await db`
    select pg_backup_start('torture', fast => true)`;
  await Deno.mkdir(to, { recursive: true });
  // `cp` keeps the owner, which PostgreSQL insists on. A file that disappears meanwhile is no error.
  const { stderr } = await new Deno.Command("cp", { args: ["-a", `${from}/.`, to], stderr: "piped" })
    .output();
  const problems = new TextDecoder().decode(stderr).split("\n").filter((line) =>
    line && !/No such file/.test(line)
  );
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const [{ labelfile, spcmapfile }] = await db<{ labelfile: string; spcmapfile: string }[]>`
    select labelfile, spcmapfile
    from pg_backup_stop()`;
  const data = join(to, "data");
  await Deno.remove(join(data, "postmaster.pid"));
  for await (const { name } of Deno.readDir(join(data, "pg_wal"))) {
    if (/^[0-9A-F]{24}$/.test(name)) await Deno.remove(join(data, "pg_wal", name));
  }
  await Deno.writeTextFile(join(data, "backup_label"), labelfile);
  if (spcmapfile) await Deno.writeTextFile(join(data, "tablespace_map"), spcmapfile);
  const { uid, gid } = await Deno.stat(join(data, "PG_VERSION"));
  if (Deno.uid() === 0) await Deno.chown(join(data, "backup_label"), uid, gid);
}
