// The account that PostgreSQL runs as, and its data directory. Normally these are the current account and the given folder.
// PostgreSQL refuses to run as root, so root uses an unprivileged account, which may not have access to that folder.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Account, readTextIfExists } from "./child_process.ts";
import { runProgram } from "./program_probe.ts";

export type DataDirectory = {
  folder: string;
  /** The given folder was removed to start from scratch, so the data in `folder` is obsolete. */
  isObsolete: boolean;
};

/**
 * The account for PostgreSQL: undefined for the current one. As root it is the system account `nobody`, which exists in
 * every distribution and container and, unlike `postgres`, owns no other database. A uid without an entry in /etc/passwd
 * does not work: initdb looks it up.
 *
 * @throws Error when there is no such account
 */
export async function findPostgresAccount(folder: string): Promise<Account | undefined> {
  if (Deno.uid() !== 0) return undefined;
  // Data created by an ordinary user stays that user's.
  const cluster = await Deno.stat(join(folder, "cluster")).catch(() => undefined);
  if (cluster?.uid) return { uid: cluster.uid, gid: cluster.gid ?? cluster.uid };
  const accounts = (await readTextIfExists("/etc/passwd") ?? "").split("\n").map((line) => line.split(":"));
  for (const name of ["nobody", "postgres", "daemon"]) {
    const [, , uid, gid] = accounts.find((account) => account[0] === name) ?? [];
    // macOS writes the uid of `nobody` as -2.
    const account = { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
    if (account.uid && await canEnter("/", account)) return account;
  }
  throw new Error(
    "PostgreSQL refuses to run as root, and there is no unprivileged account, such as `nobody`: " +
      "start Latchkey as an ordinary user, or set DATABASE_URL.",
  );
}

/**
 * The data directory of PostgreSQL for a given folder: that folder, or one elsewhere when the account cannot enter it. The
 * file `location` in the given folder records which.
 */
export async function findDataDirectory(
  folder: string,
  account: Account | undefined,
): Promise<DataDirectory> {
  if (!account) return { folder, isObsolete: false };
  // Permission to pass through the folder, not to list or read what is in it.
  await Deno.chmod(folder, ((await Deno.stat(folder)).mode ?? 0o700) & 0o777 | 0o111);
  const locationFile = join(folder, "location");
  const key = createHash("sha256").update(await Deno.realPath(folder)).digest("hex").slice(0, 16);
  const location = await readTextIfExists(locationFile);
  if (!location?.includes(key) && await canEnter(folder, account)) return { folder, isObsolete: false };

  const directory = join(await findSharedFolder(account), key);
  await Deno.mkdir(directory, { recursive: true });
  await Deno.chmod(directory, 0o711);
  await Deno.writeTextFile(locationFile, `${directory}\n`);
  return { folder: directory, isObsolete: location === undefined };
}

/**
 * A folder outside the checkout that the account can enter. /var/lib is for data that survives a restart, and only root can
 * write to it; the others are for systems where it is read-only. Everyone can write to those, so an existing folder is used
 * only when root owns it.
 *
 * @throws Error when there is none
 */
export async function findSharedFolder(account: Account): Promise<string> {
  for (const folder of ["/var/lib/latchkey", "/var/tmp/latchkey", "/tmp/latchkey"]) {
    try {
      await Deno.mkdir(folder, { recursive: true });
      const info = await Deno.lstat(folder);
      if (!info.isDirectory || info.uid !== 0) continue;
      await Deno.chmod(folder, 0o755);
      if (await canEnter(folder, account)) return folder;
    } catch {
      continue;
    }
  }
  throw new Error(
    "PostgreSQL cannot run as root, and there is no folder its account could use: set DATABASE_URL.",
  );
}

/** Tried in a shell, because access lists and mounts count besides the mode. */
async function canEnter(folder: string, account: Account): Promise<boolean> {
  return (await runProgram("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { cwd: "/", ...account })).success;
}
