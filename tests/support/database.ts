// A database for each test file: a clone of the migrated template, and a Redis database.
import { Redis } from "ioredis";
import { connect, type Database } from "../../db/connect.ts";
import { timeLimits } from "../../db/time_limits.ts";
import { createDatabase, takeClone, urlOf } from "./clones.ts";
import { stopAtEnd } from "./test.ts";

export interface TestStores {
  databaseUrl: string;
  redisUrl: string;
  db: Database;
}

function given(name: string): string {
  const value = Deno.env.get(name);
  if (!value) throw new Error("Run the tests with: deno task test");
  return value;
}

/** Clones the migrated database under a unique name. */
export async function cloneStores(): Promise<TestStores> {
  const redis = new Redis(given("TEST_REDIS_URL"));
  const number = await takeClone(redis);
  redis.disconnect();
  return storesOf(number, "test");
}

/** Creates a database without tables. */
export async function createEmptyDatabase(): Promise<TestStores> {
  return await createStores("template1", "empty");
}

/**
 * Copies a database as it is. Nothing may be connected with it meanwhile, so its connections end.
 *
 * @returns the database itself, connected again, and the copies
 */
export async function copyStores(original: TestStores, count: number): Promise<TestStores[]> {
  await original.db.end({ timeout: 5 });
  const name = new URL(original.databaseUrl).pathname.slice(1);
  const copies = [];
  for (let made = 0; made < count; made++) copies.push(await createStores(name, "copy"));
  const [prefix, number] = name.split("_");
  return [storesOf(Number(number), prefix), ...copies];
}

async function createStores(template: string, prefix: string): Promise<TestStores> {
  const redis = new Redis(given("TEST_REDIS_URL"));
  const admin = connect(urlOf(new URL(given("TEST_DATABASE_URL")), "postgres"), {
    max: 1,
    name: "tests",
    limits: timeLimits.setup,
  });
  const number = await createDatabase(admin, redis, template, prefix);
  redis.disconnect();
  await admin.end();
  return storesOf(number, prefix);
}

function storesOf(number: number, prefix: string): TestStores {
  const databaseUrl = urlOf(new URL(given("TEST_DATABASE_URL")), `${prefix}_${number}`);
  const db = connect(databaseUrl, { max: 10, name: "tests", limits: timeLimits.setup });
  stopAtEnd(() => db.end({ timeout: 5 }));
  return { databaseUrl, redisUrl: `${given("TEST_REDIS_URL").replace(/\/\d*$/, "")}/${number}`, db };
}
