// Redis from the packages of Debian or Ubuntu, without root and without changing the system: apt works in a folder of its
// own, and the packages are unpacked, not installed.

import { join } from "node:path";
import { withFileLock } from "./directory_lock.ts";
import { isUsableRedis, type RedisProgram, runProgram, systemName } from "./program_probe.ts";

/** Downloads and unpacks Redis or Valkey; undefined where there is no apt or no such package. */
export async function downloadRedisPackage(
  installDir: string,
  progress: (line: string) => void,
): Promise<RedisProgram | undefined> {
  if (
    !(await runProgram("apt-get", ["--version"])).success ||
    !(await runProgram("dpkg", ["--version"])).success
  ) {
    return undefined;
  }
  await Deno.mkdir(installDir, { recursive: true });
  const folder = join(installDir, `redis-${await systemName()}`);
  return await findUnpackedRedis(folder) ?? await withFileLock(`${folder}.lock`, async () => {
    const existing = await findUnpackedRedis(folder);
    if (existing) return existing;
    progress("Downloading Redis from the distribution's packages …");
    const temporary = await Deno.makeTempDir({ dir: installDir, prefix: "redis-download-" });
    try {
      const problem = await downloadInto(temporary);
      if (problem) progress(`… Redis could not be downloaded: ${problem}`);
      if (problem || !await findUnpackedRedis(join(temporary, "unpacked"))) return undefined;
      await Deno.remove(folder, { recursive: true }).catch(() => {});
      await Deno.rename(join(temporary, "unpacked"), folder);
      return await findUnpackedRedis(folder);
    } finally {
      await Deno.remove(temporary, { recursive: true }).catch(() => {});
    }
  });
}

/** Downloads and unpacks the packages, and returns the reason when that fails. */
async function downloadInto(temporary: string): Promise<string | undefined> {
  const [lists, cache, debs] = ["lists", "cache", "debs"].map((name) => join(temporary, name));
  for (const folder of [join(lists, "partial"), join(cache, "archives/partial"), debs]) {
    await Deno.mkdir(folder, { recursive: true });
  }
  const options = Object.entries({
    "Dir::State::Lists": lists,
    "Dir::Cache": cache,
    // apt's locks are in the system's folders.
    "Debug::NoLocking": "1",
    // As root, apt downloads as the account `_apt`, which may not have access to this folder.
    "APT::Sandbox::User": "root",
    "Acquire::Retries": "1",
    "Acquire::http::Timeout": "20",
  }).flatMap(([name, value]) => ["-o", `${name}=${value}`]);

  // The exit code is ignored: one unreachable third-party source makes the update fail.
  const update = await runProgram("apt-get", [...options, "-qq", "update"]);
  let problem = update.stderr;
  for (const server of ["redis-server", "valkey-server"]) {
    // A simulation lists the packages that are not installed.
    const install = ["-qq", "--simulate", "--no-install-recommends", "install", server];
    const simulation = await runProgram("apt-get", [...options, ...install]);
    const names = [...simulation.stdout.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name).filter(isIncluded);
    if (!simulation.success || names.length === 0) {
      problem ||= simulation.stderr;
      continue;
    }
    const download = await runProgram("apt-get", [...options, "-qq", "download", ...names], { cwd: debs });
    if (!download.success) return firstLine(download.stderr);
    for await (const { name } of Deno.readDir(debs)) {
      const unpack = await runProgram("dpkg", ["-x", join(debs, name), join(temporary, "unpacked")]);
      if (!unpack.success) return firstLine(unpack.stderr);
    }
    return undefined;
  }
  return firstLine(problem) || "there is no such package";
}

/** Redis and its libraries, but not the C library, which must match the loader of the system. */
const isIncluded = (name: string) => /^(lib|redis|valkey)/.test(name) && !/^libc(6|-)/.test(name);

const firstLine = (text: string) => text.trim().split("\n")[0];

/** The Redis of a folder with `usr/bin` and `usr/lib`, when it runs. */
export async function findUnpackedRedis(folder: string): Promise<RedisProgram | undefined> {
  const libraries: string[] = [];
  for (const parent of [join(folder, "usr/lib"), join(folder, "lib")]) {
    for (const { name, isDirectory } of await Array.fromAsync(Deno.readDir(parent)).catch(() => [])) {
      if (isDirectory && name.includes("-linux-")) libraries.push(join(parent, name));
    }
    libraries.push(parent);
  }
  for (const server of ["redis-server", "valkey-server"]) {
    const redis = { program: join(folder, "usr/bin", server), env: { LD_LIBRARY_PATH: libraries.join(":") } };
    if (await isUsableRedis(redis)) return redis;
  }
}
