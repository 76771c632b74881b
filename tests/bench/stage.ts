// The stage of a measurement: embedded PostgreSQL and Redis with durable writes, and programs of the release in
// processes of their own, with nothing disabled but the limits.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { connect, type Database } from "../../db/connect.ts";
import { freePort } from "../../db/embedded/free_port.ts";
import { startPostgres } from "../../db/embedded/postgres.ts";
import { startRedis } from "../../db/embedded/redis.ts";
import { migrate } from "../../db/migrate.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Stage {
  db: Database;
  databaseUrl: string;
  redisUrl: string;
  /** Starts a program and waits until its port answers. */
  start(file: string, args: string[], port: number, env?: Record<string, string>): Promise<Actor>;
  /** Starts the server; returns where it is. */
  startServer(env?: Record<string, string>): Promise<Actor>;
  strike(): Promise<void>;
}

export interface Actor {
  url: string;
  pid: number;
  /** Resident memory now; bytes. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

/** Sets the stage in a temporary folder. */
export async function setStage(): Promise<Stage> {
  const folder = await Deno.makeTempDir({ prefix: "latchkey-bench-" });
  // PostgreSQL runs under another account where this is root, and has to get in.
  await Deno.chmod(folder, 0o755);
  const [postgres, redis] = await Promise.all([
    startPostgres({ dir: join(folder, "postgres") }),
    startRedis({ dir: join(folder, "redis"), installDir: resolve(root, ".data/programs") }),
  ]);
  const db = connect(postgres.url, { max: 5, name: "bench" });
  await migrate(db);
  const actors = new Set<Actor>();

  const start: Stage["start"] = async (file, args, port, env = {}) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", join(root, file), ...args],
      env: { ...env },
      stdout: "null",
    }).spawn();
    await untilAnswers(port, child);
    const actor: Actor = {
      url: `http://127.0.0.1:${port}`,
      pid: child.pid,
      async memory() {
        const status = await Deno.readTextFile(`/proc/${child.pid}/status`);
        return Number(status.match(/VmRSS:\s+(\d+)/)![1]) * 1024;
      },
      async stop() {
        actors.delete(actor);
        child.kill("SIGTERM");
        await child.status;
      },
    };
    actors.add(actor);
    return actor;
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
        ENCRYPTION_KEY: "encryption key of the benchmark",
        JWT_SECRET: "secret of the benchmark",
        RATE_LIMIT_PUBLIC: "1000000000",
        RATE_LIMIT_HEARTBEAT: "1000000",
        ...env,
      });
    },
    async strike() {
      for (const actor of [...actors]) await actor.stop();
      await db.end();
      await Promise.all([postgres.stop(), redis.stop()]);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function untilAnswers(port: number, child: Deno.ChildProcess): Promise<void> {
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
