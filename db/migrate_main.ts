// `deno task migrate`: brings the database of DATABASE_URL up to date and says what it did.
import { connect } from "./connect.ts";
import { migrate } from "./migrate.ts";

const url = Deno.env.get("DATABASE_URL");
if (!url) {
  console.error("DATABASE_URL is not set. Say which database to bring up to date.");
  Deno.exit(1);
}
const db = connect(url, { max: 1, name: "latchkey migrate" });
try {
  const applied = await migrate(db);
  console.log(applied.length ? `Applied ${applied.join(", ")}.` : "The database is up to date.");
} finally {
  await db.end();
}
