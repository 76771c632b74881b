// Redis without an installation, for development and tests: one server in one folder, on 127.0.0.1, with a password
// of its own. It ends with this process. PostgreSQL is the truth: what is lost here is worked out again.

import { join, resolve } from "node:path";
import { type Child, endLeftover, type RunningServer, startChild, textOf, untilReady } from "./child.ts";
import { freePort } from "./free_port.ts";
import { holdFolder } from "./held_folder.ts";
import { redisProgram } from "./redis_program.ts";

export type RedisOptions = {
  dir: string;
  /** Where a Redis that had to be fetched is kept; development and tests share one. */
  installDir?: string;
  port?: number;
  /** False for tests: nothing is written to disk. */
  durable?: boolean;
  progress?: (line: string) => void;
};

export async function startRedis(options: RedisOptions): Promise<RunningServer> {
  if (Deno.build.os === "windows") {
    throw new Error("Windows has no embedded servers: set DATABASE_URL and REDIS_URL.");
  }
  const dir = resolve(options.dir);
  const progress = options.progress ?? (() => {});
  const data = join(dir, "data");
  await Deno.mkdir(dir, { recursive: true });
  const held = await holdFolder(dir, "Redis");
  try {
    await Deno.mkdir(data, { recursive: true, mode: 0o700 });
    const redis = await redisProgram(resolve(options.installDir ?? dir), progress);
    await endEarlier(dir, data);

    const password = crypto.randomUUID();
    const { child, port } = await launch(redis, { dir, data, password, options });
    let stopping: Promise<void> | undefined;
    child.ended.then(() => stopping || progress(`Redis ended unexpectedly, see ${join(dir, "log")}`));
    const url = `redis://:${password}@127.0.0.1:${port}`;
    return { url, port, stop: () => stopping ??= child.end().finally(held.release) };
  } catch (error) {
    held.release();
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
    const lines = settings(port, dir, data, password, options.durable ?? true);
    // A file, not arguments: every account can read those of a running program, the password included.
    await Deno.writeTextFile(configuration, lines.join("\n") + "\n", { mode: 0o600 });
    const child = startChild({
      program: redis.program,
      args: [configuration],
      cwd: data,
      log,
      env: redis.env,
      politely: "SIGTERM",
      forcibly: "SIGKILL",
    });
    try {
      await untilReady(child, log, () => answers(port, password));
      return { child, port };
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const portTaken = options.port === undefined && said.includes("Address already in use");
      if (attempt === 5 || !portTaken) throw new Error(`Redis does not start. ${said}`, { cause: error });
    }
  }
}

function settings(port: number, dir: string, data: string, password: string, durable: boolean): string[] {
  return [
    ...["bind 127.0.0.1", `port ${port}`, `requirepass ${password}`, "daemonize no"],
    ...[`dir ${JSON.stringify(data)}`, `pidfile ${JSON.stringify(join(dir, "pid"))}`, 'logfile ""'],
    // BullMQ's jobs must never be dropped to make room. Snapshots would only repeat what the append-only file has.
    ...["maxmemory-policy noeviction", "databases 1000", 'save ""', `appendonly ${durable ? "yes" : "no"}`],
  ];
}

async function endEarlier(dir: string, data: string): Promise<void> {
  const pid = Number(await textOf(join(dir, "pid")));
  if (pid) await endLeftover(pid, data, "SIGTERM", "SIGKILL");
}

// It accepts connections before its data is loaded; PONG comes after. Something else may have the port: that one would
// not take our password, and might say nothing at all.
async function answers(port: number, password: string): Promise<boolean> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => undefined);
  if (!connection) return false;
  const patience = setTimeout(() => connection.close(), 1000);
  try {
    await connection.write(new TextEncoder().encode(`AUTH ${password}\r\nPING\r\n`));
    const buffer = new Uint8Array(256);
    let said = "";
    while (said.split("\r\n").length < 3) {
      const length = await connection.read(buffer);
      if (!length) break;
      said += new TextDecoder().decode(buffer.subarray(0, length));
    }
    clearTimeout(patience);
    connection.close();
    return said === "+OK\r\n+PONG\r\n";
  } catch {
    return false;
  }
}
