// PostgreSQL and Redis that a program brings along where none are configured: in development, and on a small vendor's one
// machine.
import { join } from "node:path";
import { startPostgres } from "../db/embedded/postgres.ts";
import { startRedis } from "../db/embedded/redis.ts";
import type { Environment } from "./config.ts";

export interface EmbeddedStores {
  databaseUrl: string;
  redisUrl: string;
  /** Stops those that were started. */
  stop(): Promise<void>;
}

/**
 * Starts the databases that the environment does not name, with their data in a folder.
 *
 * @param folder an absolute path
 * @param progress gets a line for each step that takes longer
 * @throws Error when another process uses the folder, or when they cannot run on this system
 */
export async function startEmbeddedStores(
  environment: Pick<Environment, "DATABASE_URL" | "REDIS_URL">,
  folder: string,
  progress: (line: string) => void,
): Promise<EmbeddedStores> {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => void await Promise.all(started.splice(0).map((store) => store.stop()));
  const embedded = async (starting: Promise<{ url: string; stop(): Promise<void> }>) => {
    const store = await starting;
    started.push(store);
    return store.url;
  };
  const startedAt = performance.now();
  const urls = await Promise.allSettled([
    environment.DATABASE_URL ?? embedded(startPostgres({ dir: join(folder, "postgres"), progress })),
    environment.REDIS_URL ??
      embedded(startRedis({ dir: join(folder, "redis"), installDir: join(folder, "programs"), progress })),
  ]);
  const [databaseUrl, redisUrl] = await Promise.all(urls.map(async (url) => {
    if (url.status === "fulfilled") return url.value;
    // The other one does not run on alone.
    await stop();
    throw url.reason;
  }));
  if (started.length > 0) {
    progress(`PostgreSQL and Redis are up (${Math.round(performance.now() - startedAt)} ms).`);
  }
  return { databaseUrl, redisUrl, stop };
}
