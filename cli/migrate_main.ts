// `deno task migrate`: applies the missing migrations to the database of DATABASE_URL and prints their names.
import { connect } from "../db/connect.ts";
import { migrate } from "../db/migrate.ts";
import { ConfigError, readEnvironment } from "../server/config.ts";
import { exitWithError } from "../server/signals.ts";

await run().catch(exitWithError);

async function run(): Promise<void> {
  const { DATABASE_URL } = readEnvironment();
  if (!DATABASE_URL) throw new ConfigError("DATABASE_URL is not set. It names the database to migrate.");
  const db = connect(DATABASE_URL, { max: 1, name: "latchkey migrate" });
  try {
    const applied = await migrate(db, { onProgress: console.log });
    console.log(applied.length > 0 ? `Applied ${applied.join(", ")}.` : "The database is up to date.");
  } finally {
    await db.end({ timeout: 1 });
  }
}
