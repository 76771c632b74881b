// Locks on directories and files, so that one process at a time uses a data directory. They are locks of the operating
// system, which end with the process that holds them; a pid in a file would remain after a crash.

import { join } from "node:path";

export type DirectoryLock = { release(): void };

/**
 * Locks the data directory of a server for this process.
 *
 * @throws Error when another process holds the lock, or when the directory belongs to another account
 */
export async function lockDirectory(folder: string, server: string): Promise<DirectoryLock> {
  await assertOwnFiles(folder);
  const path = join(folder, "lock");
  const file = await Deno.open(path, { create: true, read: true, write: true });
  // Some network file systems have no locks; there the directory is not protected.
  if (!await file.tryLock(true).catch(() => true)) {
    const holder = (await Deno.readTextFile(path)).trim();
    file.close();
    throw new Error(
      `The ${server} in ${folder} is in use by another running Latchkey (process ${holder}): ` +
        `stop that one first, or give this one a DATA_DIR of its own.`,
    );
  }
  await file.truncate();
  await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
  return { release: () => file.close() };
}

/** Runs an action while holding a lock on a file; other processes that do the same wait. */
export async function withFileLock<Result>(lockPath: string, action: () => Promise<Result>): Promise<Result> {
  const file = await Deno.open(lockPath, { create: true, read: true, write: true });
  try {
    await file.lock(true).catch(() => {});
    return await action();
  } finally {
    file.close();
  }
}

/** Refuses files of another account, for example root's, which would fail later with an unclear error. */
async function assertOwnFiles(folder: string): Promise<void> {
  if (Deno.uid() === 0) return;
  const paths = [
    folder,
    ...(await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => join(folder, name)),
  ];
  for (const path of paths) {
    if ((await Deno.lstat(path)).uid === Deno.uid()) continue;
    throw new Error(`${path} belongs to another account: start Latchkey with that one, or remove ${folder}.`);
  }
}
