// Redis without an installation, for development and tests: one server in one folder, on 127.0.0.1, with a random password.
// It stops with this process. Its data can be lost: jobs and counters are derived from PostgreSQL again.

import { join, resolve } from "node:path";
import {
  type Child,
  readTextIfExists,
  type RunningServer,
  startChild,
  stopLeftover,
  waitUntilReady,
} from "./child_process.ts";
import { freePort } from "./free_port.ts";
import { lockDirectory } from "./directory_lock.ts";
import { findRedis } from "./redis_program.ts";

export type RedisOptions = {
  /** The folder of the data directory. */
  dir: string;
  /** The folder for a downloaded Redis; development and tests share one. `dir` by default. */
  installDir?: string;
  /** A free one by default. */
  port?: number;
  /** A random one by default. */
  password?: string;
  /** Whether data is written to disk. False for tests. */
  durable?: boolean;
  /** More lines of its configuration, for tests: "cluster-enabled yes". */
  settings?: string[];
  /** Called with a line for each step that takes longer. */
  progress?: (line: string) => void;
};

/**
 * Starts Redis in a folder.
 *
 * @throws Error when another process uses the folder, or when there is no Redis and none can be downloaded or built
 */
export async function startRedis(options: RedisOptions): Promise<RunningServer> {
  if (Deno.build.os === "windows") {
    throw new Error("Windows has no embedded servers: set DATABASE_URL and REDIS_URL.");
  }
  const dir = resolve(options.dir);
  const progress = options.progress ?? (() => {});
  const data = join(dir, "data");
  await Deno.mkdir(dir, { recursive: true });
  const lock = await lockDirectory(dir, "Redis");
  try {
    await Deno.mkdir(data, { recursive: true, mode: 0o700 });
    const redis = await findRedis(resolve(options.installDir ?? dir), progress);
    await stopEarlierRun(dir, data);

    const password = options.password ?? crypto.randomUUID();
    const { child, port } = await launch(redis, { dir, data, password, options });
    let stopping: Promise<void> | undefined;
    child.exited.then(() => stopping || progress(`Redis exited unexpectedly, see ${join(dir, "log")}`));
    const url = `redis://:${password}@127.0.0.1:${port}`;
    return { url, port, pid: child.pid, stop: () => stopping ??= child.stop().finally(lock.release) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

type Launch = { dir: string; data: string; password: string; options: RedisOptions };

async function launch(
  redis: { program: string; env: Record<string, string> },
  { dir, data, password, options }: Launch,
): Promise<{ child: Child; port: number }> {
  const [configuration, log] = [join(dir, "redis.conf"), join(dir, "log")];
  for (let attempt = 1;; attempt++) {
    const port = options.port ?? freePort();
    const lines = [
      ...settings(port, dir, data, password, options.durable ?? true),
      ...options.settings ?? [],
    ];
    // The password is in a file, because every account can read the arguments of a running program.
    await Deno.writeTextFile(configuration, lines.join("\n") + "\n", { mode: 0o600 });
    const child = startChild({
      program: redis.program,
      args: [configuration],
      cwd: data,
      log,
      env: redis.env,
      stopSignal: "SIGTERM",
      killSignal: "SIGKILL",
    });
    try {
      await waitUntilReady(child, log, () => isReady(port, password));
      return { child, port };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const isPortInUse = options.port === undefined && message.includes("Address already in use");
      if (attempt === 5 || !isPortInUse) {
        throw new Error(`Redis does not start. ${message}`, { cause: error });
      }
    }
  }
}

function settings(port: number, dir: string, data: string, password: string, durable: boolean): string[] {
  return [
    ...["bind 127.0.0.1", `port ${port}`, `requirepass ${password}`, "daemonize no"],
    ...[`dir ${JSON.stringify(data)}`, `pidfile ${JSON.stringify(join(dir, "pid"))}`, 'logfile ""'],
    // BullMQ requires noeviction. Snapshots are off, because the append-only file has the same data.
    ...["maxmemory-policy noeviction", "databases 1000", 'save ""', `appendonly ${durable ? "yes" : "no"}`],
  ];
}

/** Stops the server of a killed run. */
async function stopEarlierRun(dir: string, data: string): Promise<void> {
  const pid = Number(await readTextIfExists(join(dir, "pid")));
  if (pid) await stopLeftover(pid, data, "SIGTERM", "SIGKILL");
}

/**
 * Whether Redis is ready. It accepts connections before its data is loaded and answers PONG afterwards. Another program may
 * use the port by now: it does not accept the password, and may not answer at all.
 */
async function isReady(port: number, password: string): Promise<boolean> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => undefined);
  if (!connection) return false;
  const timeout = setTimeout(() => connection.close(), 1000);
  try {
    await connection.write(new TextEncoder().encode(`AUTH ${password}\r\nPING\r\n`));
    const buffer = new Uint8Array(256);
    let reply = "";
    while (reply.split("\r\n").length < 3) {
      const length = await connection.read(buffer);
      if (!length) break;
      reply += new TextDecoder().decode(buffer.subarray(0, length));
    }
    clearTimeout(timeout);
    connection.close();
    return reply === "+OK\r\n+PONG\r\n";
  } catch {
    return false;
  }
}
