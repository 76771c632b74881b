// PostgreSQL 18 without an installation, for development and tests: one cluster in one folder, on 127.0.0.1, with the
// account and the database `latchkey`. It ends with this process.

import { join, resolve } from "node:path";
import postgres from "postgres";
import {
  type Account,
  bareEnvironment,
  type Child,
  endLeftover,
  pause,
  type RunningServer,
  startChild,
  textOf,
  untilReady,
} from "./child.ts";
import { freePort } from "./free_port.ts";
import { holdFolder } from "./held_folder.ts";
import { postgresAccount, postgresHome, sharedFolder } from "./postgres_home.ts";
import { type PostgresPrograms, postgresPrograms } from "./postgres_programs.ts";

export type PostgresOptions = {
  dir: string;
  port?: number;
  /** False for tests: faster, and lost with a power cut. */
  durable?: boolean;
  progress?: (line: string) => void;
};

type Cluster = { folder: string; data: string; log: string; account?: Account; programs: PostgresPrograms };

export async function startPostgres(options: PostgresOptions): Promise<RunningServer> {
  if (Deno.build.os === "windows") {
    throw new Error("Windows has no embedded servers: set DATABASE_URL and REDIS_URL.");
  }
  const dir = resolve(options.dir);
  const progress = options.progress ?? (() => {});
  await Deno.mkdir(dir, { recursive: true });
  const held = await holdFolder(dir, "PostgreSQL");
  try {
    const account = await postgresAccount(dir);
    const programs = await postgresPrograms(
      account,
      () => account ? sharedFolder(account) : Promise.resolve(dir),
    );
    const home = await postgresHome(dir, account);
    const folder = join(home.folder, "cluster");
    const cluster = { folder, data: join(folder, "data"), log: join(folder, "log"), account, programs };

    await endEarlier(cluster);
    if (home.forgotten) await Deno.remove(folder, { recursive: true }).catch(() => {});
    await ensureCluster(
      cluster,
      options,
      home.folder === dir ? progress : (line) => progress(`${line} (${folder})`),
    );
    const { child, port } = await launch(cluster, options);
    const password = (await Deno.readTextFile(join(folder, "password"))).trim();
    const url = `postgres://latchkey:${password}@127.0.0.1:${port}/latchkey`;
    await ensureDatabase(url).catch(async (error) => {
      await child.end();
      throw error;
    });

    let stopping: Promise<void> | undefined;
    child.ended.then(() => stopping || progress(`PostgreSQL ended unexpectedly, see ${cluster.log}`));
    const end = async () => {
      await child.end();
      // Tests often run in a temporary folder and remove it: what lies elsewhere on its behalf must not pile up.
      if (home.folder !== dir && options.durable === false) {
        await Deno.remove(home.folder, { recursive: true });
      }
    };
    return { url, port, stop: () => stopping ??= end().finally(held.release) };
  } catch (error) {
    held.release();
    throw error;
  }
}

// A run that was killed may have left its postmaster (for the moment it takes to shut down) or only its pid file.
// PostgreSQL copes with a pid that is free, not with one that is someone else's by now.
async function endEarlier({ data }: Cluster): Promise<void> {
  const pidFile = join(data, "postmaster.pid");
  const pid = Number((await textOf(pidFile))?.split("\n")[0]);
  if (!pid) return;
  await endLeftover(pid, data, "SIGINT", "SIGQUIT");
  await Deno.remove(pidFile).catch(() => {});
}

// initdb works in a folder of another name, so that one it did not finish is never taken for a cluster.
async function ensureCluster(cluster: Cluster, options: PostgresOptions, progress: (line: string) => void) {
  const version = (await textOf(join(cluster.data, "PG_VERSION")))?.trim();
  if (version === "18") return;
  if (version) {
    throw new Error(
      `${cluster.data} was made by PostgreSQL ${version}, this is 18: remove it to start afresh.`,
    );
  }

  progress("Creating the PostgreSQL data folder …");
  const unfinished = `${cluster.folder}.new`;
  await Deno.remove(unfinished, { recursive: true }).catch(() => {});
  await Deno.mkdir(unfinished, { mode: 0o700 });
  const password = join(unfinished, "password");
  await Deno.writeTextFile(password, crypto.randomUUID(), { mode: 0o600 });
  const { account } = cluster;
  if (account) {
    for (const path of [unfinished, password]) {
      await Deno.chown(path, account.uid, account.gid);
    }
  }

  const { success, stderr } = await new Deno.Command(cluster.programs.initdb, {
    args: [
      ...[
        "-D",
        join(unfinished, "data"),
        "--username=latchkey",
        `--pwfile=${password}`,
        "--auth=scram-sha-256",
      ],
      // The order of strings must not depend on the machine: PostgreSQL's own locale, by code point.
      ...["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
      // The password is random, so stretching it would only make connecting slow.
      ...["--set=scram_iterations=1", "--no-instructions"],
      ...(options.durable === false ? ["--no-sync"] : []),
    ],
    cwd: "/",
    clearEnv: true,
    env: bareEnvironment(),
    stdin: "null",
    ...account,
  }).output();
  if (!success) throw new Error(`initdb failed: ${new TextDecoder().decode(stderr).trim()}`);
  await Deno.remove(cluster.folder, { recursive: true }).catch(() => {});
  await Deno.rename(unfinished, cluster.folder);
}

async function launch(cluster: Cluster, options: PostgresOptions): Promise<{ child: Child; port: number }> {
  for (let attempt = 1;; attempt++) {
    const port = options.port ?? freePort();
    const child = startChild({
      program: cluster.programs.postgres,
      args: [
        "-D",
        cluster.data,
        ...settings(port, options.durable ?? true).flatMap((setting) => ["-c", setting]),
      ],
      cwd: cluster.data,
      log: cluster.log,
      account: cluster.account,
      politely: "SIGINT", // fast shutdown: transactions are rolled back, data is written
      forcibly: "SIGQUIT",
    });
    try {
      // The eighth line says "ready" – what pg_ctl waits for, too.
      await untilReady(child, cluster.log, async () => {
        const lines = (await textOf(join(cluster.data, "postmaster.pid")))?.split("\n") ?? [];
        return Number(lines[0]) === child.pid && lines[7]?.trim() === "ready";
      });
      return { child, port };
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const portTaken = options.port === undefined && said.includes("Address already in use");
      // Backends of a postmaster that was killed need a moment to notice.
      const backendsLeft = said.includes("shared memory block");
      if (attempt === 20 || !(portTaken || backendsLeft)) {
        throw new Error(`PostgreSQL does not start. ${said}`, { cause: error });
      }
      if (backendsLeft) await pause(500);
    }
  }
}

function settings(port: number, durable: boolean): string[] {
  return [
    ...[`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories="],
    ...[
      "max_connections=200",
      "shared_buffers=128MB",
      "max_wal_senders=0",
      "max_logical_replication_workers=0",
      "jit=off",
      "timezone=UTC",
    ],
    ...["log_checkpoints=off", "log_timezone=UTC"],
    ...(durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal"]),
  ];
}

async function ensureDatabase(url: string): Promise<void> {
  const sql = postgres(url.replace(/latchkey$/, "postgres"), { max: 1, onnotice: () => {} });
  try {
    const found = await sql`
      select 1
      from pg_database
      where datname = 'latchkey'`;
    if (found.length === 0) await sql`create database latchkey`;
  } finally {
    await sql.end();
  }
}
