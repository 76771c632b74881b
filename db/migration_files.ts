// The migrations of this program: the files of db/migrations, in the order of their names.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import manifest from "../deno.json" with { type: "json" };

/** A file of SQL, applied once and never edited afterwards. */
export interface Migration {
  /** The name of the file. */
  name: string;
  sql: string;
  /** SHA-256 of the file. */
  hash: string;
  /** The oldest version of the program that works on the schema after this migration. */
  requires: string;
  /** False when a line above the first statement is `-- no transaction`: its statements are then sent one by one. */
  isTransactional: boolean;
}

/** What of a program matters to its database. */
export interface Program {
  /** Three numbers, "1.4.0". */
  version: string;
  /** The folder of its migrations. */
  folder: URL;
}

/** This program. */
export const ownProgram: Program = {
  version: manifest.version,
  folder: new URL("./migrations/", import.meta.url),
};

/** The migrations of a program and those of a database contradict each other, or a file of them is incomplete. */
export class MigrationError extends Error {}

const known = new Map<string, Promise<Migration[]>>();

/**
 * Reads the migrations of a folder. They are read once per process: a running program has the migrations it was started
 * with, also when its files are replaced by those of the next version.
 *
 * @throws MigrationError for a file that does not say which programs work on its schema
 */
export function readMigrations(folder: URL): Promise<Migration[]> {
  let migrations = known.get(folder.href);
  if (!migrations) known.set(folder.href, migrations = readFiles(folder));
  return migrations;
}

async function readFiles(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return await Promise.all(
    names.map(async (name) => parseMigration(name, await readFile(new URL(name, folder), "utf8"))),
  );
}

/**
 * Reads the lines above the first statement.
 *
 * @throws MigrationError when `-- requires program` is not among them
 */
export function parseMigration(name: string, sql: string): Migration {
  const [head] = sql.match(/^(?:--.*\n|\s*\n)*/)!;
  const requires = head.match(/^-- requires program (\d+\.\d+\.\d+)\s*$/m)?.[1];
  if (requires === undefined) {
    throw new MigrationError(
      `Migration ${name} does not say which programs work on the schema after it. Begin it with a line such as ` +
        `"-- requires program ${manifest.version}": the oldest version that does.`,
    );
  }
  return {
    name,
    sql,
    hash: createHash("sha256").update(sql).digest("hex"),
    requires,
    isTransactional: !/^-- no transaction\s*$/m.test(head),
  };
}

const inOrder = new Intl.Collator("en", { numeric: true });

/** Whether a version is lower than another one. A release candidate counts as its release. */
export function isOlder(version: string, other: string): boolean {
  const [numbers] = version.split("-");
  return inOrder.compare(numbers, other) < 0;
}
