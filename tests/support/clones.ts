// Copies the migrated database before tests ask for a copy, as that takes 0.1 s. The process that starts the databases
// makes the copies; those that run tests take them from a list in Redis.
import { Redis } from "ioredis";
import { connect } from "../../db/connect.ts";
import { timeLimits } from "../../db/time_limits.ts";

const AHEAD = 3;
const ready = "test clones";
const taken = "test clones taken";
/** In seconds. */
const MAX_WAIT = 120;

export interface StoreUrls {
  databaseUrl: string;
  redisUrl: string;
}

/**
 * Makes clones until it is stopped.
 *
 * @returns a function that stops it
 */
export function makeClones({ databaseUrl, redisUrl }: StoreUrls): () => Promise<void> {
  const redis = new Redis(redisUrl);
  const template = new URL(databaseUrl);
  const admin = connect(urlOf(template, "postgres"), { max: 1, name: "tests", limits: timeLimits.setup });
  let isStopped = false;
  const work = (async () => {
    for (let made = 0;; made++) {
      if (made >= AHEAD) await redis.blpop(taken, 0);
      const number = await createDatabase(admin, redis, template.pathname.slice(1), "test");
      await redis.rpush(ready, number);
    }
  })().catch((error) => {
    if (!isStopped) throw error;
  });
  return async () => {
    isStopped = true;
    redis.disconnect();
    await work;
    await admin.end();
  };
}

/** Takes a clone and returns its number: its database is called test_<number>. */
export async function takeClone(redis: Redis): Promise<number> {
  const found = await redis.blpop(ready, MAX_WAIT);
  if (!found) throw new Error(`No copy of the database was made within ${MAX_WAIT} s.`);
  await redis.rpush(taken, 1);
  return Number(found[1]);
}

/** Creates a database called <prefix>_<number> and returns its number. */
export async function createDatabase(
  admin: ReturnType<typeof connect>,
  redis: Redis,
  template: string,
  prefix: string,
): Promise<number> {
  const number = await redis.incr("test stores");
  // Copying the files is cheaper than logging each page, as nothing of the tests has to survive a crash.
  await admin.unsafe(`create database ${prefix}_${number} template ${template} strategy file_copy`);
  return number;
}

/** The address of another database on the same server. */
export function urlOf(server: URL, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
