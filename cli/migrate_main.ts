// `deno task migrate`: applies the missing migrations to the database of DATABASE_URL and prints their names.
import { connect } from "../db/connect.ts";
import { timeLimits } from "../db/time_limits.ts";
import { migrate } from "../db/migrate.ts";
import { rangeOf, readSchemaState } from "../db/migration_state.ts";
import { ConfigError, publicUrlOf, readEnvironment } from "../server/config.ts";
import { describeSetupLink, openSetupLink } from "../server/setup_link.ts";
import { exitWithError } from "../server/signals.ts";
import { explainUnavailable } from "../server/start_check.ts";
import { version } from "../server/version.ts";

await run().catch(exitWithError);

async function run(): Promise<void> {
  const environment = readEnvironment();
  const { DATABASE_URL, ENCRYPTION_KEY } = environment;
  if (!DATABASE_URL) throw new ConfigError("DATABASE_URL is not set. It names the database to migrate.");
  const db = connect(DATABASE_URL, { max: 1, name: "latchkey migrate", limits: timeLimits.start });
  try {
    const applied = await migrate(db, { onProgress: console.log });
    const { newer } = await readSchemaState(db);
    if (applied.length > 0) console.log(`Applied ${applied.join(", ")}.`);
    else if (newer.length === 0) console.log("The database is up to date.");
    else {
      console.log(
        `The database is newer than this program (${version}), which works on it: it also has ` +
          `${rangeOf(newer)}. There is nothing to do.`,
      );
    }
  } catch (error) {
    throw explainUnavailable(error);
  } finally {
    await db.end({ timeout: 1 });
  }
  // Without the key nothing can be set up yet; the server prints a link too.
  if (!ENCRYPTION_KEY) return;
  const setup = await openSetupLink({
    DATABASE_URL,
    ENCRYPTION_KEY,
    ENCRYPTION_KEY_PREVIOUS: environment.ENCRYPTION_KEY_PREVIOUS,
    PUBLIC_URL: publicUrlOf(environment),
  });
  if (setup) console.log(describeSetupLink(setup));
}
