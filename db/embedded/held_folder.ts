// A server's folder belongs to one running Latchkey at a time. The claim is a lock of the operating system on a file,
// so it ends with the process that holds it, however that ends; a pid in a file would survive a crash and a reboot.

import { join } from "node:path";

export type HeldFolder = { release(): void };

export async function holdFolder(folder: string, server: string): Promise<HeldFolder> {
  await refuseForeign(folder);
  const path = join(folder, "lock");
  const file = await Deno.open(path, { create: true, read: true, write: true });
  // Some network file systems know no locks; development there goes without this courtesy.
  if (!await file.tryLock(true).catch(() => true)) {
    const other = (await Deno.readTextFile(path)).trim();
    file.close();
    throw new Error(
      `The ${server} in ${folder} is in use by another running Latchkey (process ${other}): ` +
        `stop that one first, or give this one a DATA_DIR of its own.`,
    );
  }
  await file.truncate();
  await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
  return { release: () => file.close() };
}

/** Of several that want to do the same thing at once, one does it and the others wait, then find it done. */
export async function oneAtATime<Result>(lockPath: string, action: () => Promise<Result>): Promise<Result> {
  const file = await Deno.open(lockPath, { create: true, read: true, write: true });
  try {
    await file.lock(true).catch(() => {});
    return await action();
  } finally {
    file.close();
  }
}

// Left by root, for instance. Said here in one sentence, or it would come up somewhere later as a riddle.
async function refuseForeign(folder: string): Promise<void> {
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
