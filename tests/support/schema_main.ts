// `deno task schema`: applies the migrations to a temporary PostgreSQL and writes the resulting schema to
// db/schema.sql, which tests/rules/schema_test.ts compares.
import { join } from "node:path";
import { connect } from "../../db/connect.ts";
import { startPostgres } from "../../db/embedded/postgres.ts";
import { migrate } from "../../db/migrate.ts";
import { describeSchema, schemaFile } from "./schema.ts";

const folder = await Deno.makeTempDir({ prefix: "latchkey-schema-" });
// When started by root, PostgreSQL runs under another account, which needs read access to the folder.
await Deno.chmod(folder, 0o755);
const postgres = await startPostgres({ dir: join(folder, "postgres"), durable: false });
try {
  const db = connect(postgres.url, { max: 1, name: "latchkey schema" });
  await migrate(db);
  await Deno.writeTextFile(schemaFile, await describeSchema(db));
  await db.end();
} finally {
  await postgres.stop();
  await Deno.remove(folder, { recursive: true });
}
