// The list of erasures beside the backups. A backup still contains who was erased after it was made; restoring it applies
// the list again. It has ids and times, no personal data.
import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { BackupError } from "../../db/backup/format.ts";
import type { Db } from "../../db/connect.ts";
import { type Erasure, erasureSchema, findErasures } from "../../server/domain/data_protection/erasures.ts";

const NAME = "erasures.json";

/** Adds the erasures of a database to the list of a folder. */
export async function saveErasures(db: Db, folder: string): Promise<void> {
  const path = join(folder, NAME);
  const all = mergeErasures([await readErasures(path), await findErasures({ db }) ?? []]);
  await writeFile(`${path}.part`, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.part`, path);
}

/** The erasures listed beside a backup; none when there is no list. */
export function readErasuresBeside(backup: string): Promise<Erasure[]> {
  return readErasures(join(dirname(backup), NAME));
}

/** The erasures of a list; none when there is no file. */
export async function readErasures(path: string): Promise<Erasure[]> {
  const text = await readFile(path, "utf8").catch((error) => {
    if (error.code === "ENOENT") return "[]";
    throw error;
  });
  try {
    return z.array(erasureSchema).parse(JSON.parse(text));
  } catch {
    throw new BackupError(
      `${path} is damaged. Correct it: it lists the customers and users that were erased.`,
    );
  }
}

/** Each erasure once. */
export function mergeErasures(lists: Erasure[][]): Erasure[] {
  const known = new Map(lists.flat().map((erasure) => [`${erasure.kind} ${erasure.id}`, erasure]));
  return [...known.values()].sort((a, b) => a.erasedAt < b.erasedAt ? -1 : 1);
}
