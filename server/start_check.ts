// The check of the database that every program makes before it starts: server, worker and development.
import { connect, isUnavailable } from "../db/connect.ts";
import { findSchemaProblem } from "../db/migration_state.ts";
import { timeLimits } from "../db/time_limits.ts";
import { type Config, ConfigError } from "./config.ts";
import { listUnreadableKeys } from "./domain/signing/unreadable_keys.ts";
import { createCipher } from "./request/cipher.ts";
import { hasDemoData } from "./demo_credentials.ts";

/**
 * Checks that the database can be reached, that this program works on its schema, that it contains no demo data in
 * production, and that ENCRYPTION_KEY opens the signing keys.
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
    const cipher = createCipher(config.ENCRYPTION_KEY, config.ENCRYPTION_KEY_PREVIOUS);
    const unreadable = await listUnreadableKeys({ db, cipher });
    if (unreadable.length > 0) throw new ConfigError(describeUnreadable(unreadable));
  } catch (error) {
    throw explainUnavailable(error);
  } finally {
    await db.end({ timeout: 1 });
  }
}

/** What to do about the signing keys of products; null stands for the default key. */
function describeUnreadable(products: (string | null)[]): string {
  const names = products.map((code) =>
    code === null ? "the default signing key" : `that of the product ${code}`
  );
  const commands = products.map((code) =>
    `deno task latchkey signing-key rotate${code === null ? "" : ` --product ${code}`}`
  );
  return `ENCRYPTION_KEY does not open ${
    names.join(", ")
  }. Set the one that it was stored with, here or in ` +
    `ENCRYPTION_KEY_PREVIOUS. If it is lost, make new keys, which apps need then: ${commands.join("; ")}.`;
}

/** An error of the database, with what to do when it means that the database cannot be reached. */
export function explainUnavailable(error: unknown): unknown {
  if (!isUnavailable(error)) return error;
  const reason = error instanceof Error && error.message ? error.message : String(error);
  return new ConfigError(`The database cannot be reached: ${reason}. Check DATABASE_URL.`);
}
