// The environment of a benchmark: embedded PostgreSQL and Redis with durable writes, and the production programs in
// separate processes. Only rate limits differ from production, where a bench says so.
import { eventLoopVariables, heapFlags } from "../../server/runtime_options.ts";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { connect, type Database } from "../../db/connect.ts";
import { freePort } from "../../db/embedded/free_port.ts";
import { startPostgres } from "../../db/embedded/postgres.ts";
import { startRedis } from "../../db/embedded/redis.ts";
import { testSecrets } from "../support/secrets.ts";
import { migrate } from "../../db/migrate.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface BenchEnvironment {
  db: Database;
  databaseUrl: string;
  redisUrl: string;
  /** Starts a program and waits until its port answers. */
  start(file: string, args: string[], port: number, env?: Record<string, string>): Promise<RunningProgram>;
  /** Starts a server on a free port, with these variables beside those of the databases. */
  startServer(env?: Record<string, string>): Promise<RunningProgram>;
  /** Stops all programs and the databases, and removes their data. */
  stop(): Promise<void>;
}

export interface RunningProgram {
  url: string;
  pid: number;
  /** Resident memory; bytes. */
  memory(): Promise<number>;
  /** User and system time since it was started; seconds. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

export interface EnvironmentOptions {
  /** The folder of the databases, which is kept; a temporary one by default. */
  folder?: string;
  /** Settings of PostgreSQL, such as "shared_buffers=1GB". */
  settings?: readonly string[];
  /** Secrets of the programs; new ones by default. */
  secrets?: typeof testSecrets;
}

/** Starts the databases. */
export async function startEnvironment(options: EnvironmentOptions = {}): Promise<BenchEnvironment> {
  const folder = options.folder
    ? resolve(options.folder)
    : await Deno.makeTempDir({ prefix: "latchkey-bench-" });
  // When started by root, PostgreSQL runs under another account, which needs read access to the folder.
  if (!options.folder) await Deno.chmod(folder, 0o755);
  const [postgres, redis] = await Promise.all([
    startPostgres({ dir: join(folder, "postgres"), settings: options.settings }),
    startRedis({ dir: join(folder, "redis"), installDir: resolve(root, ".data/programs") }),
  ]);
  const db = connect(postgres.url, { max: 5, name: "bench" });
  await migrate(db);
  const programs = new Set<RunningProgram>();

  const start: BenchEnvironment["start"] = async (file, args, port, env = {}) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", heapFlags, join(root, file), ...args],
      env: { ...eventLoopVariables, ...env },
      stdout: "null",
    }).spawn();
    await waitForPort(port, child);
    const program: RunningProgram = {
      url: `http://127.0.0.1:${port}`,
      pid: child.pid,
      async memory() {
        const status = await Deno.readTextFile(`/proc/${child.pid}/status`);
        return Number(status.match(/VmRSS:\s+(\d+)/)![1]) * 1024;
      },
      async cpu() {
        const fields = (await Deno.readTextFile(`/proc/${child.pid}/stat`)).split(") ")[1].split(" ");
        // In units of 1/100 s on every Linux.
        return (Number(fields[11]) + Number(fields[12])) / 100;
      },
      async stop() {
        programs.delete(program);
        child.kill("SIGTERM");
        await child.status;
      },
    };
    programs.add(program);
    return program;
  };

  return {
    db,
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    start,
    startServer(env = {}) {
      const port = freePort();
      return start("server/main.ts", [], port, {
        PORT: String(port),
        HOST: "127.0.0.1",
        DATABASE_URL: postgres.url,
        REDIS_URL: redis.url,
        ...options.secrets ?? testSecrets,
        ...env,
      });
    },
    async stop() {
      for (const program of [...programs]) await program.stop();
      await db.end();
      await Promise.all([postgres.stop(), redis.stop()]);
      if (!options.folder) await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Rate limits that no load reaches. */
export const raisedLimits = {
  RATE_LIMIT_PUBLIC: "1000000000",
  RATE_LIMIT_HEARTBEAT: "1000000",
  RATE_LIMIT_AUTH: "1000000000",
  RATE_LIMIT_LICENSE: "1000000000",
  RATE_LIMIT_DEVICE: "1000000000",
  RATE_LIMIT_ADMIN: "1000000000",
};

/** The default limits, and a proxy that may say which address a request comes from. */
export const defaultLimits = {
  TRUSTED_PROXIES: "127.0.0.0/8",
  // A machine may send more than one heartbeat a minute, as there are few machines; each is counted as ever.
  RATE_LIMIT_HEARTBEAT: "1000",
};

async function waitForPort(port: number, child: Deno.ChildProcess): Promise<void> {
  let ended = false;
  child.status.then(() => ended = true);
  for (let tries = 0; tries < 200 && !ended; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`Nothing answers on port ${port}`);
}
