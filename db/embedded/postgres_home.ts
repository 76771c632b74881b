// Who runs PostgreSQL, and where its data lies. Normally: whoever started Latchkey, in the given folder. PostgreSQL
// refuses to run as root, though; then it is an account without rights, which may not be able to enter the folder.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Account, textOf } from "./child.ts";
import { run } from "./program_trial.ts";

export type PostgresHome = {
  folder: string;
  /** The given folder was removed since, to start afresh: what lies in `folder` is to be forgotten too. */
  forgotten: boolean;
};

/**
 * As root, `nobody`: it exists in every distribution and every container, so the system need not be changed, and
 * unlike `postgres` it owns no other database. An account is needed, a bare uid will not do: initdb looks it up.
 */
export async function postgresAccount(folder: string): Promise<Account | undefined> {
  if (Deno.uid() !== 0) return undefined;
  // Data that an ordinary user made stays that user's.
  const made = await Deno.stat(join(folder, "cluster")).catch(() => undefined);
  if (made?.uid) return { uid: made.uid, gid: made.gid ?? made.uid };
  const accounts = (await textOf("/etc/passwd") ?? "").split("\n").map((line) => line.split(":"));
  for (const name of ["nobody", "postgres", "daemon"]) {
    const [, , uid, gid] = accounts.find((account) => account[0] === name) ?? [];
    const account = { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }; // macOS writes nobody's as -2
    if (account.uid && await canEnter("/", account)) return account;
  }
  throw new Error(
    "PostgreSQL refuses to run as root, and there is no account to lend it (nobody, postgres): " +
      "start Latchkey as an ordinary user, or set DATABASE_URL.",
  );
}

export async function postgresHome(folder: string, account: Account | undefined): Promise<PostgresHome> {
  if (!account) return { folder, forgotten: false };
  // The folder's own mode is ours to open: only to pass through, and what is inside stays closed.
  await Deno.chmod(folder, ((await Deno.stat(folder)).mode ?? 0o700) & 0o777 | 0o111);
  const note = join(folder, "elsewhere");
  const key = createHash("sha256").update(await Deno.realPath(folder)).digest("hex").slice(0, 16);
  const noted = await textOf(note);
  if (!noted?.includes(key) && await canEnter(folder, account)) return { folder, forgotten: false };

  const home = join(await sharedFolder(account), key);
  await Deno.mkdir(home, { recursive: true });
  await Deno.chmod(home, 0o711);
  await Deno.writeTextFile(note, `${home}\n`);
  return { folder: home, forgotten: noted === undefined };
}

/**
 * The place for what an account that may not enter the checkout must reach. /var/lib is where programs keep what must
 * survive a reboot, and only root can write there; the others are for systems where it is read-only. They are open to
 * everyone, so a folder found there is used only if it is root's.
 */
export async function sharedFolder(account: Account): Promise<string> {
  for (const folder of ["/var/lib/latchkey", "/var/tmp/latchkey", "/tmp/latchkey"]) {
    try {
      await Deno.mkdir(folder, { recursive: true });
      const found = await Deno.lstat(folder);
      if (!found.isDirectory || found.uid !== 0) continue;
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

// Tried, not computed from the modes: access lists and mounts have a say as well.
async function canEnter(folder: string, account: Account): Promise<boolean> {
  return (await run("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { cwd: "/", ...account })).success;
}
