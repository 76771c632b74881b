// How the migrations applied to a database compare with those of a program. The one place that decides whether a program
// works on a schema: for the start of servers and workers, for readiness, for running workers and for `migrate`.
import { type Db, PostgresError } from "./connect.ts";
import {
  isOlder,
  type Migration,
  MigrationError,
  ownProgram,
  type Program,
  readMigrations,
} from "./migration_files.ts";

/** A row of `migrations`. */
interface AppliedMigration {
  name: string;
  hash: string;
  /** The oldest version of the program that works on the schema after this migration; null when it was not said. */
  requires: string | null;
}

/** A schema as a program sees it. */
export interface SchemaState {
  /** Migrations of the program that are not applied. */
  pending: Migration[];
  /** Applied migrations of other versions, on whose schema the program works. */
  newer: { name: string }[];
}

/**
 * Compares the migrations of a database with those of a program. The program works on migrations it does not know when
 * they say that its version does.
 *
 * @throws MigrationError when the program cannot work on this schema and no migration of its own changes that
 */
export async function readSchemaState(db: Db, program: Program = ownProgram): Promise<SchemaState> {
  const [applied, own] = await Promise.all([listApplied(db), readMigrations(program.folder)]);
  const newer: { name: string }[] = [];
  for (const migration of applied) {
    const file = own.find(({ name }) => name === migration.name);
    if (file && file.hash !== migration.hash) {
      throw new MigrationError(
        `Migration ${file.name} was edited after it was applied. Restore the file and put the change into a new migration.`,
      );
    }
    if (file) continue;
    const problem = findConflict(migration, program);
    if (problem) throw new MigrationError(problem);
    newer.push(migration);
  }
  return { pending: own.filter(({ name }) => !applied.some((migration) => migration.name === name)), newer };
}

/** Why a program does not work on the schema after a migration that it does not know; null when it does. */
function findConflict({ name, requires }: AppliedMigration, { version }: Program): string | null {
  if (requires === null) {
    return `The database has migration ${name}, which is not one of this program (${version}) and does not say which ` +
      "programs work with it: it was migrated by another program. Use the database of this program, or a new one.";
  }
  if (!isOlder(version, requires)) return null;
  return `The database is too new for this program: migration ${name} requires program ${requires} or later, and ` +
    `this is ${version}. Install ${requires} or later.`;
}

/**
 * Finds out why a program cannot work on the schema of a database at present, and what to do about it.
 *
 * @returns null when it can
 * @throws the driver's error when the database cannot be reached
 */
export async function findSchemaProblem(db: Db, program: Program = ownProgram): Promise<string | null> {
  try {
    const { pending } = await readSchemaState(db, program);
    return pending.length === 0
      ? null
      : `The database lacks ${rangeOf(pending)}. Run: deno task latchkey migrate`;
  } catch (error) {
    if (error instanceof MigrationError) return error.message;
    throw error;
  }
}

/** The names of migrations in a few words. */
export function rangeOf(migrations: { name: string }[]): string {
  return migrations.length === 1 ? migrations[0].name : `${migrations[0].name} to ${migrations.at(-1)!.name}`;
}

async function listApplied(db: Db): Promise<AppliedMigration[]> {
  try {
    return await db<AppliedMigration[]>`
      select name, hash, requires
      from migrations
      order by name`;
  } catch (error) {
    // undefined_table: nothing was ever applied.
    if (error instanceof PostgresError && error.code === "42P01") return [];
    // undefined_column
    if (error instanceof PostgresError && error.code === "42703") {
      throw new MigrationError(
        "The database was migrated by a version before the first release, which cannot be updated. Use a new database.",
      );
    }
    throw error;
  }
}
