// The system of a row: databases with durable writes, servers and workers in processes of their own, and an API key.
import { connect, type Database } from "../../db/connect.ts";
import { migrate } from "../../db/migrate.ts";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import type { Context } from "../../server/domain/context.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { cloneStores } from "../support/database.ts";
import { testSecrets } from "../support/secrets.ts";
import { type Program, type ProgramOptions, startProgram } from "./programs.ts";
import type { Size } from "./row.ts";
import { startStores, type Store } from "./stores.ts";

export interface RealSystem {
  /** A connection of the row, which does not go through the programs. */
  db: Database;
  databaseUrl: string;
  redisUrl: string;
  /** A system context at the present time. */
  ctx(): Promise<Context>;
  /** Headers of the License API, with a key for every product. */
  headers: Record<string, string>;
  startServer(options?: ProgramOptions): Promise<Program>;
  startWorker(options?: ProgramOptions): Promise<Program>;
  /** Ends the programs and the databases, and removes their data. */
  stop(): Promise<void>;
}

/** Whose databases belong to the row alone. */
export interface BreakableSystem extends RealSystem {
  postgres: Store;
  redis: Store;
}

/** A system on databases of its own, which the row may kill and freeze. */
export async function startBreakableSystem(): Promise<BreakableSystem> {
  const folder = await Deno.makeTempDir({ prefix: "latchkey-torture-" });
  // When started by root, PostgreSQL runs under another account, which needs read access to the folder.
  await Deno.chmod(folder, 0o755);
  const { postgres, redis } = await startStores(folder);
  const db = connect(postgres.url, { max: 5, name: "torture" });
  await migrate(db);
  const system = await onStores({ db, databaseUrl: postgres.url, redisUrl: redis.url });
  return {
    ...system,
    postgres,
    redis,
    async stop() {
      await system.stop();
      await Promise.all([postgres.stop(), redis.stop()]);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A system whose databases are not disturbed; the short form takes those of the suite. */
export async function startSystem(size: Size): Promise<RealSystem> {
  return size === "full" ? await startBreakableSystem() : await onStores(await cloneStores());
}

async function onStores(
  { db, databaseUrl, redisUrl }: Pick<RealSystem, "db" | "databaseUrl" | "redisUrl">,
): Promise<RealSystem> {
  const programs: Program[] = [];
  const cipher = createCipher(testSecrets.ENCRYPTION_KEY);
  const ctx = () => systemContext(db, "torture", new Date(), cipher);
  const { key } = await createApiKey(await ctx(), { name: "torture", productId: null });
  const start = (file: "server/main.ts" | "worker/main.ts") => async (options: ProgramOptions = {}) => {
    const program = await startProgram(file, databaseUrl, redisUrl, options);
    programs.push(program);
    return program;
  };
  return {
    db,
    databaseUrl,
    redisUrl,
    ctx,
    headers: { "X-API-Key": key, "Content-Type": "application/json" },
    startServer: start("server/main.ts"),
    startWorker: start("worker/main.ts"),
    async stop() {
      await Promise.all(programs.map((program) => program.kill()));
      await db.end({ timeout: 1 });
    },
  };
}
