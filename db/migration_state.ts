// How the migrations applied to a database compare with those of this program. A program works on its own schema and on
// the next one: it requires that all of its own migrations are applied, and ignores later ones that are unknown to it.
import { type Db, PostgresError } from "./connect.ts";
import { type Migration, ownMigrations, readMigrations } from "./migration_files.ts";

/** A row of `migrations`. */
interface AppliedMigration {
  name: string;
  hash: string;
}

/**
 * Lists the migrations of this program that are not applied.
 *
 * @throws MigrationError when the database was migrated with other files than this program's
 */
export async function listPendingMigrations(db: Db, folder: URL): Promise<Migration[]> {
  const [applied, own] = await Promise.all([listApplied(db), readMigrations(folder)]);
  const last = own.at(-1)?.name ?? "";
  for (const { name, hash } of applied) {
    const file = own.find((migration) => migration.name === name);
    if (!file && name < last) {
      throw new MigrationError(
        `The database has migration ${name}, which is neither one of this program's nor later than ${last}: ` +
          "it was migrated by another program. Use the database of this program, or a new one.",
      );
    }
    if (file && file.hash !== hash) {
      throw new MigrationError(
        `Migration ${name} was edited after it was applied. Restore the file and put the change into a new migration.`,
      );
    }
  }
  return own.filter((migration) => !applied.some(({ name }) => name === migration.name));
}

/** The migrations of this program and those of the database contradict each other. */
export class MigrationError extends Error {}

/**
 * Finds out why this program cannot work on the schema of a database, and what to do about it.
 *
 * @returns null when it can
 * @throws the driver's error when the database cannot be reached
 */
export async function findMigrationProblem(db: Db, folder = ownMigrations): Promise<string | null> {
  try {
    const pending = await listPendingMigrations(db, folder);
    if (pending.length === 0) return null;
    const names = pending.length === 1 ? pending[0].name : `${pending[0].name} to ${pending.at(-1)!.name}`;
    return `The database lacks ${names}. Run: deno task migrate`;
  } catch (error) {
    if (error instanceof MigrationError) return error.message;
    throw error;
  }
}

async function listApplied(db: Db): Promise<AppliedMigration[]> {
  try {
    return await db<AppliedMigration[]>`
      select name, hash
      from migrations
      order by name`;
  } catch (error) {
    // undefined_table: nothing was ever applied.
    if (error instanceof PostgresError && error.code === "42P01") return [];
    throw error;
  }
}
