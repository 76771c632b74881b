// PostgreSQL, migrated, and Redis for one run of the tests, with their data in a temporary folder.
import { join, resolve } from "node:path";
import { connect } from "../../db/connect.ts";
import { timeLimits } from "../../db/time_limits.ts";
import { startPostgres } from "../../db/embedded/postgres.ts";
import { startRedis } from "../../db/embedded/redis.ts";
import { migrate } from "../../db/migrate.ts";
import { makeClones, type StoreUrls } from "./clones.ts";

export interface TemporaryStores extends StoreUrls {
  /** Stops both and removes their data. */
  stop(): Promise<void>;
}

export async function startTemporaryStores(): Promise<TemporaryStores> {
  const folder = await Deno.makeTempDir({ prefix: "latchkey-test-" });
  // When started by root, PostgreSQL runs under another account, which needs read access to the folder.
  await Deno.chmod(folder, 0o755);
  const [postgres, redis] = await Promise.all([
    startPostgres({ dir: join(folder, "postgres"), durable: false, progress: console.log }),
    startRedis({
      dir: join(folder, "redis"),
      installDir: resolve(".data/programs"),
      durable: false,
      progress: console.log,
    }),
  ]);
  const db = connect(postgres.url, { max: 1, name: "tests", limits: timeLimits.setup });
  await migrate(db);
  await db.end();
  const urls = { databaseUrl: postgres.url, redisUrl: redis.url };
  const stopClones = makeClones(urls);
  return {
    ...urls,
    async stop() {
      await stopClones();
      await Promise.allSettled([postgres.stop(), redis.stop()]);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Gives them to the tests' support of this process, as `deno task test` does for its files. */
export function shareStores({ databaseUrl, redisUrl }: TemporaryStores): void {
  Deno.env.set("TEST_DATABASE_URL", databaseUrl);
  Deno.env.set("TEST_REDIS_URL", redisUrl);
}
