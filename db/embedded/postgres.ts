// PostgreSQL 18 without an installation, for development and tests: one cluster in one folder, on 127.0.0.1, with the role and
// the database `latchkey`. It stops with this process.

import { join, resolve } from "node:path";
import { connect } from "../connect.ts";
import { timeLimits } from "../time_limits.ts";
import {
  type Account,
  type Child,
  delay,
  minimalEnvironment,
  readTextIfExists,
  type RunningServer,
  startChild,
  stopLeftover,
  waitUntilReady,
} from "./child_process.ts";
import { freePort } from "./free_port.ts";
import { lockDirectory } from "./directory_lock.ts";
import { findDataDirectory, findPostgresAccount, findSharedFolder } from "./data_directory.ts";
import { findPostgresPrograms, type PostgresPrograms } from "./postgres_programs.ts";

export type PostgresOptions = {
  /** The folder of the data directory. */
  dir: string;
  /** A free one by default. */
  port?: number;
  /** Whether commits survive a power cut. False for tests, because it is slower. */
  durable?: boolean;
  /** Further settings, such as "shared_buffers=1GB". */
  settings?: readonly string[];
  /** Called with a line for each step that takes longer. */
  progress?: (line: string) => void;
};

type Cluster = { folder: string; data: string; log: string; account?: Account; programs: PostgresPrograms };

/**
 * Starts PostgreSQL in a folder, and creates the cluster and the database when they do not exist.
 *
 * @throws Error when another process uses the folder, or when PostgreSQL cannot run on this system
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningServer> {
  if (Deno.build.os === "windows") {
    throw new Error("Windows has no embedded servers: set DATABASE_URL and REDIS_URL.");
  }
  const dir = resolve(options.dir);
  const progress = options.progress ?? (() => {});
  await Deno.mkdir(dir, { recursive: true });
  const lock = await lockDirectory(dir, "PostgreSQL");
  try {
    const account = await findPostgresAccount(dir);
    const programs = await findPostgresPrograms(
      account,
      () => account ? findSharedFolder(account) : Promise.resolve(dir),
    );
    const directory = await findDataDirectory(dir, account);
    const folder = join(directory.folder, "cluster");
    const cluster = { folder, data: join(folder, "data"), log: join(folder, "log"), account, programs };

    await stopEarlierRun(cluster);
    if (directory.isObsolete) await Deno.remove(folder, { recursive: true }).catch(() => {});
    await ensureCluster(
      cluster,
      options,
      directory.folder === dir ? progress : (line) => progress(`${line} (${folder})`),
    );
    const { child, port } = await launch(cluster, options);
    const password = (await Deno.readTextFile(join(folder, "password"))).trim();
    const url = `postgres://latchkey:${password}@127.0.0.1:${port}/latchkey`;
    await ensureDatabase(url).catch(async (error) => {
      await child.stop();
      throw error;
    });

    let stopping: Promise<void> | undefined;
    child.exited.then(() => stopping || progress(`PostgreSQL exited unexpectedly, see ${cluster.log}`));
    const stop = async () => {
      await child.stop();
      // Tests remove the temporary folder they give; the data directory outside of it would remain.
      if (directory.folder !== dir && options.durable === false) {
        await Deno.remove(directory.folder, { recursive: true });
      }
    };
    return { url, port, pid: child.pid, stop: () => stopping ??= stop().finally(lock.release) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Stops what a killed run left: its postmaster, which may still be shutting down, or only the pid file. PostgreSQL refuses to
 * start when the pid in the file belongs to another process by now.
 */
async function stopEarlierRun({ data }: Cluster): Promise<void> {
  const pidFile = join(data, "postmaster.pid");
  const pid = Number((await readTextIfExists(pidFile))?.split("\n")[0]);
  if (!pid) return;
  await stopLeftover(pid, data, "SIGINT", "SIGQUIT");
  await Deno.remove(pidFile).catch(() => {});
}

/** Creates the cluster. initdb runs in a folder of another name, so that an unfinished one is never used. */
async function ensureCluster(cluster: Cluster, options: PostgresOptions, progress: (line: string) => void) {
  const version = (await readTextIfExists(join(cluster.data, "PG_VERSION")))?.trim();
  if (version === "18") return;
  if (version) {
    throw new Error(
      `${cluster.data} was created by PostgreSQL ${version}, this is 18: remove it to start from scratch.`,
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
      // PostgreSQL's builtin locale sorts by code point, independently of the operating system.
      ...["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
      // The password is random; more iterations would only slow down connecting.
      ...["--set=scram_iterations=1", "--no-instructions"],
      ...(options.durable === false ? ["--no-sync"] : []),
    ],
    cwd: "/",
    clearEnv: true,
    env: minimalEnvironment(),
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
        ...[...settings(port, options.durable ?? true), ...options.settings ?? []].flatMap(
          (setting) => ["-c", setting],
        ),
      ],
      cwd: cluster.data,
      log: cluster.log,
      account: cluster.account,
      // Fast shutdown: transactions are rolled back and data is written. SIGQUIT is an immediate shutdown.
      stopSignal: "SIGINT",
      killSignal: "SIGQUIT",
    });
    try {
      // The eighth line is "ready", or "standby" of a replica; pg_ctl waits for the same.
      await waitUntilReady(child, cluster.log, async () => {
        const lines = (await readTextIfExists(join(cluster.data, "postmaster.pid")))?.split("\n") ?? [];
        return Number(lines[0]) === child.pid && /^(?:ready|standby)$/.test(lines[7]?.trim() ?? "");
      });
      return { child, port };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const isPortInUse = options.port === undefined && message.includes("Address already in use");
      // Backends of a killed postmaster exit with a delay.
      const backendsLeft = message.includes("shared memory block");
      if (attempt === 20 || !(isPortInUse || backendsLeft)) {
        throw new Error(`PostgreSQL does not start. ${message}`, { cause: error });
      }
      if (backendsLeft) await delay(500);
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
    // Autovacuum takes locks at times of its own, for which work that does not wait for locks gives up.
    ...(durable ? [] : [
      ...["fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal"],
      "autovacuum=off",
    ]),
  ];
}

async function ensureDatabase(url: string): Promise<void> {
  const sql = connect(url.replace(/latchkey$/, "postgres"), {
    max: 1,
    name: "latchkey setup",
    limits: timeLimits.setup,
  });
  try {
    const existing = await sql`
      select 1
      from pg_database
      where datname = 'latchkey'`;
    if (existing.length === 0) await sql`create database latchkey`;
  } finally {
    await sql.end();
  }
}
