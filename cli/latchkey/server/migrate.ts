// `migrate`: applies the missing migrations to the database of DATABASE_URL.
import { connect } from "../../../db/connect.ts";
import { migrate } from "../../../db/migrate.ts";
import { rangeOf, readSchemaState } from "../../../db/migration_state.ts";
import { timeLimits } from "../../../db/time_limits.ts";
import { ConfigError, publicUrlOf, readEnvironment } from "../../../server/config.ts";
import { describeSetupLink, openSetupLink } from "../../../server/setup_link.ts";
import { version } from "../../../server/version.ts";
import type { Result } from "../define.ts";
import { print, say } from "../terminal.ts";
import { explained } from "./settings.ts";

export async function runMigrate(isJson: boolean): Promise<Result> {
  const environment = readEnvironment();
  const { DATABASE_URL, ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS } = environment;
  if (!DATABASE_URL) throw new ConfigError("DATABASE_URL is not set. It names the database to migrate.");
  const { applied, newer } = await explained(async () => {
    const db = connect(DATABASE_URL, { max: 1, name: "latchkey migrate", limits: timeLimits.start });
    try {
      const applied = await migrate(db, { onProgress: isJson ? say : print });
      return { applied, newer: (await readSchemaState(db)).newer };
    } finally {
      await db.end({ timeout: 1 });
    }
  });
  // Without the key nothing can be set up yet; the server prints a link too.
  const setup = ENCRYPTION_KEY
    ? await openSetupLink({
      DATABASE_URL,
      ENCRYPTION_KEY,
      ENCRYPTION_KEY_PREVIOUS,
      PUBLIC_URL: publicUrlOf(environment),
    })
    : null;
  const state = applied.length > 0
    ? `Applied ${applied.join(", ")}.`
    : newer.length === 0
    ? "The database is up to date."
    : `The database is newer than this program (${version}), which works on it: it also has ` +
      `${rangeOf(newer)}. There is nothing to do.`;
  return {
    json: { applied, newer, setup_url: setup?.url ?? null },
    text: setup ? `${state}\n${describeSetupLink(setup)}` : state,
  };
}
