// PostgreSQL and Redis that a row may stop, freeze, kill and start again on the same port.
import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunningServer } from "../../db/embedded/child_process.ts";
import { startPostgres } from "../../db/embedded/postgres.ts";
import { startRedis } from "../../db/embedded/redis.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Store {
  url: string;
  /** Sends a signal to the server and all its processes: SIGSTOP freezes it, SIGCONT lets it go on. */
  signal(signal: Deno.Signal): Promise<void>;
  /** Kills it with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, with the same data, port and password. */
  start(): Promise<void>;
  /** Stops it in order. */
  stop(): Promise<void>;
}

/** Starts both in a folder, with durable writes. */
export async function startStores(folder: string): Promise<{ postgres: Store; redis: Store }> {
  const password = randomUUID();
  const installDir = resolve(root, ".data/programs");
  const [postgres, redis] = await Promise.all([
    startStore((port) => startPostgres({ dir: join(folder, "postgres"), port })),
    startStore((port) => startRedis({ dir: join(folder, "redis"), installDir, password, port })),
  ]);
  return { postgres, redis };
}

async function startStore(launch: (port?: number) => Promise<RunningServer>): Promise<Store> {
  let running = await launch();
  const { url, port } = running;
  const signal = async (name: Deno.Signal) => {
    for (const pid of await family(running.pid)) {
      // A process of the family may have ended since they were listed.
      try {
        Deno.kill(pid, name);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  };
  return {
    url,
    signal,
    async kill() {
      await signal("SIGKILL");
      await running.stop();
    },
    async start() {
      running = await launch(port);
    },
    stop: () => running.stop(),
  };
}

/** A process and its children: PostgreSQL serves each connection with one. */
async function family(pid: number): Promise<number[]> {
  const children: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "");
    if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === pid) children.push(Number(name));
  }
  return [pid, ...children];
}
