// A database for each test file: a clone of the migrated template, and a Redis database.
import { Redis } from "ioredis";
import { connect, type Database } from "../../db/connect.ts";
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
export function cloneStores(): Promise<TestStores> {
  return createStores(new URL(given("TEST_DATABASE_URL")).pathname.slice(1));
}

/** Creates a database without tables. */
export function createEmptyDatabase(): Promise<TestStores> {
  return createStores("template1", "empty");
}

async function createStores(template: string, prefix = "test"): Promise<TestStores> {
  const server = new URL(given("TEST_DATABASE_URL"));
  const redis = new Redis(given("TEST_REDIS_URL"));
  const number = await redis.incr("test stores");
  redis.disconnect();
  const name = `${prefix}_${number}`;
  const admin = connect(urlOf(server, "postgres"), { max: 1, name: "tests" });
  // Copying the files is cheaper than logging each page, as nothing of the tests has to survive a crash.
  await admin.unsafe(`create database ${name} template ${template} strategy file_copy`);
  await admin.end();
  const databaseUrl = urlOf(server, name);
  const db = connect(databaseUrl, { max: 10, name: "tests" });
  stopAtEnd(() => db.end({ timeout: 5 }));
  return {
    databaseUrl,
    redisUrl: `${given("TEST_REDIS_URL").replace(/\/\d*$/, "")}/${number}`,
    db,
  };
}

function urlOf(template: URL, database: string): string {
  const url = new URL(template);
  url.pathname = `/${database}`;
  return url.href;
}
