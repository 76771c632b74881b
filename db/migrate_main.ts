// `deno task migrate`: applies the migrations to the database of DATABASE_URL and prints their names.
import { connect } from "./connect.ts";
import { migrate } from "./migrate.ts";

const url = Deno.env.get("DATABASE_URL");
if (!url) {
  console.error("DATABASE_URL is not set. It names the database to migrate.");
  Deno.exit(1);
}
const db = connect(url, { max: 1, name: "latchkey migrate" });
try {
  const applied = await migrate(db, { onProgress: console.log });
  console.log(applied.length > 0 ? `Applied ${applied.join(", ")}.` : "The database is up to date.");
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  Deno.exitCode = 1;
} finally {
  await db.end({ timeout: 1 });
}
