// The check of the database that every program makes before it starts: server, worker and development.
import { connect, isUnavailable } from "../db/connect.ts";
import { findSchemaProblem } from "../db/migration_state.ts";
import { timeLimits } from "../db/time_limits.ts";
import { type Config, ConfigError } from "./config.ts";
import { hasDemoData } from "./demo_credentials.ts";

/**
 * Checks that the database can be reached, that this program works on its schema, and that it contains no demo data in
 * production.
 *
 * @throws ConfigError with what to do
 */
export async function checkDatabase(config: Config): Promise<void> {
  const db = connect(config.DATABASE_URL, { max: 1, name: "latchkey start check", limits: timeLimits.start });
  try {
    const problem = await findSchemaProblem(db);
    if (problem) throw new ConfigError(problem);
    if (!config.development && await hasDemoData(db)) {
      throw new ConfigError(
        "The database contains demo data, whose keys are published. Use another database in production.",
      );
    }
  } catch (error) {
    throw explainUnavailable(error);
  } finally {
    await db.end({ timeout: 1 });
  }
}

/** An error of the database, with what to do when it means that the database cannot be reached. */
export function explainUnavailable(error: unknown): unknown {
  if (!isUnavailable(error)) return error;
  const reason = error instanceof Error && error.message ? error.message : String(error);
  return new ConfigError(`The database cannot be reached: ${reason}. Check DATABASE_URL.`);
}
