// A file in which the license is kept. It is replaced as a whole, and two processes take turns.
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Storage } from "../storage.ts";

/** A lock that is older was left by a process that ended; milliseconds. */
const LOCK_AGE = 10_000;
/** How long another process is waited for; milliseconds. */
const LOCK_WAIT = 3000;

/** Records are shorter; bytes. */
const MAX_SIZE = 1_048_576;

/** @param path of the file; its folder is created */
export function fileStorage(path: string): Storage {
  const previous = `${path}.previous`;
  return {
    async read() {
      const text = await readText(path);
      if (text !== null && isWhole(text)) return text;
      // The file was cut or removed: the one before it is whole.
      return await readText(previous) ?? text;
    },
    async write(text) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const temporary = `${path}.${crypto.randomUUID()}`;
      try {
        const file = await open(temporary, "wx", 0o600);
        try {
          await file.writeFile(text);
          await file.sync();
        } finally {
          await file.close();
        }
        const kept = await readText(path);
        if (kept !== null && isWhole(kept)) await rename(path, previous);
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {});
        throw error;
      }
    },
    async exclusively(work) {
      const unlock = await lock(`${path}.lock`);
      try {
        return await work();
      } finally {
        await unlock();
      }
    },
  };
}

async function readText(path: string): Promise<string | null> {
  try {
    const found = await stat(path);
    // A pipe would be waited for, and what is far too long is no record.
    if (!found.isFile()) throw new Error(`${path} is not a file.`);
    return found.size > MAX_SIZE ? "" : await readFile(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return null;
    throw error;
  }
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Locks by a file that only one process can create. Where none can be created, there is nothing to take turns for. */
async function lock(path: string): Promise<() => Promise<void>> {
  const deadline = Date.now() + LOCK_WAIT;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  while (true) {
    try {
      await (await open(path, "wx")).close();
      return () => rm(path, { force: true }).catch(() => {});
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
    }
    const since = await stat(path).then(({ mtimeMs }) => mtimeMs, () => Date.now());
    if (Date.now() - since > LOCK_AGE) await rm(path, { force: true });
    else if (Date.now() > deadline) return () => Promise.resolve();
    else await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
