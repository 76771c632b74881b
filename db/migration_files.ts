// The migrations of this program: the files of db/migrations, in the order of their names.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";

/** A file of SQL, applied once and never edited afterwards. */
export interface Migration {
  /** The name of the file. */
  name: string;
  sql: string;
  /** SHA-256 of the file. */
  hash: string;
  /** False when the first line is `-- no transaction`: its statements are then sent one by one. */
  isTransactional: boolean;
}

/** The folder of this program's migrations. */
export const ownMigrations = new URL("./migrations/", import.meta.url);

const known = new Map<string, Promise<Migration[]>>();

/**
 * Reads the migrations of a folder. They are read once per process: a running program has the migrations it was started
 * with, also when its files are replaced by those of the next version.
 */
export function readMigrations(folder: URL): Promise<Migration[]> {
  let migrations = known.get(folder.href);
  if (!migrations) known.set(folder.href, migrations = readFiles(folder));
  return migrations;
}

async function readFiles(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return await Promise.all(names.map(async (name) => {
    const sql = await readFile(new URL(name, folder), "utf8");
    return {
      name,
      sql,
      hash: createHash("sha256").update(sql).digest("hex"),
      isTransactional: !/^-- no transaction\s*$/m.test(sql.split("\n", 1)[0]),
    };
  }));
}
