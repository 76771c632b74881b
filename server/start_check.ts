// The check of the database that every program makes before it starts: server, worker and development.
import { connect, isUnavailable } from "../db/connect.ts";
import { findMigrationProblem } from "../db/migration_state.ts";
import { type Config, ConfigError } from "./config.ts";
import { hasDemoData } from "./demo_credentials.ts";

/**
 * Checks that the database can be reached, that the migrations of this program are applied, and that it contains no demo
 * data in production. Migrations of a newer version do not matter.
 *
 * @throws ConfigError with what to do
 */
export async function checkDatabase(config: Config): Promise<void> {
  const db = connect(config.DATABASE_URL, { max: 1, name: "latchkey start check" });
  try {
    const problem = await findMigrationProblem(db);
    if (problem) throw new ConfigError(problem);
    if (!config.development && await hasDemoData(db)) {
      throw new ConfigError(
        "The database contains demo data, whose keys are published. Use another database in production.",
      );
    }
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    throw new ConfigError(
      `The database cannot be reached: ${
        error instanceof Error ? error.message : error
      }. Check DATABASE_URL.`,
    );
  } finally {
    await db.end({ timeout: 1 });
  }
}
