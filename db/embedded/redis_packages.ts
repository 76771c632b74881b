// Redis from Debian's or Ubuntu's own packages, without root and without touching the system: apt works in a folder
// of ours, the packages are unpacked, not installed.

import { join } from "node:path";
import { oneAtATime } from "./held_folder.ts";
import { isUsable, type RedisProgram, run, systemName } from "./program_trial.ts";

export async function redisFromPackages(
  installDir: string,
  progress: (line: string) => void,
): Promise<RedisProgram | undefined> {
  if (!(await run("apt-get", ["--version"])).success || !(await run("dpkg", ["--version"])).success) {
    return undefined;
  }
  await Deno.mkdir(installDir, { recursive: true });
  const folder = join(installDir, `redis-${await systemName()}`);
  return await usableIn(folder) ?? await oneAtATime(`${folder}.lock`, async () => {
    const done = await usableIn(folder);
    if (done) return done;
    progress("Fetching Redis from the distribution's packages …");
    const temporary = await Deno.makeTempDir({ dir: installDir, prefix: "redis-fetching-" });
    try {
      const problem = await fetchInto(temporary);
      if (problem) progress(`… that did not work: ${problem}`);
      if (problem || !await usableIn(join(temporary, "unpacked"))) return undefined;
      await Deno.remove(folder, { recursive: true }).catch(() => {});
      await Deno.rename(join(temporary, "unpacked"), folder);
      return await usableIn(folder);
    } finally {
      await Deno.remove(temporary, { recursive: true }).catch(() => {});
    }
  });
}

/** Returns what went wrong, if anything did. */
async function fetchInto(temporary: string): Promise<string | undefined> {
  const [lists, cache, debs] = ["lists", "cache", "debs"].map((name) => join(temporary, name));
  for (const folder of [join(lists, "partial"), join(cache, "archives/partial"), debs]) {
    await Deno.mkdir(folder, { recursive: true });
  }
  const options = Object.entries({
    "Dir::State::Lists": lists,
    "Dir::Cache": cache,
    "Debug::NoLocking": "1", // the locks are those of the system's own folders
    "APT::Sandbox::User": "root", // as root, apt would fetch as `_apt`, which may not be able to come here
    "Acquire::Retries": "1",
    "Acquire::http::Timeout": "20",
  }).flatMap(([name, value]) => ["-o", `${name}=${value}`]);

  // Its exit code says little: one unreachable third-party source is enough for it to fail.
  const update = await run("apt-get", [...options, "-qq", "update"]);
  let problem = update.stderr;
  for (const server of ["redis-server", "valkey-server"]) {
    // A rehearsal names exactly what is not installed yet.
    const install = ["-qq", "--simulate", "--no-install-recommends", "install", server];
    const rehearsal = await run("apt-get", [...options, ...install]);
    const names = [...rehearsal.stdout.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name).filter(isWanted);
    if (!rehearsal.success || names.length === 0) {
      problem ||= rehearsal.stderr;
      continue;
    }
    const download = await run("apt-get", [...options, "-qq", "download", ...names], { cwd: debs });
    if (!download.success) return firstLine(download.stderr);
    for await (const { name } of Deno.readDir(debs)) {
      const unpack = await run("dpkg", ["-x", join(debs, name), join(temporary, "unpacked")]);
      if (!unpack.success) return firstLine(unpack.stderr);
    }
    return undefined;
  }
  return firstLine(problem) || "there is no such package";
}

// Never another C library: it has to fit the loader, which is the system's.
const isWanted = (name: string) => /^(lib|redis|valkey)/.test(name) && !/^libc(6|-)/.test(name);

const firstLine = (text: string) => text.trim().split("\n")[0];

async function usableIn(folder: string): Promise<RedisProgram | undefined> {
  const libraries: string[] = [];
  for (const parent of [join(folder, "usr/lib"), join(folder, "lib")]) {
    for (const { name, isDirectory } of await Array.fromAsync(Deno.readDir(parent)).catch(() => [])) {
      if (isDirectory && name.includes("-linux-")) libraries.push(join(parent, name));
    }
    libraries.push(parent);
  }
  for (const server of ["redis-server", "valkey-server"]) {
    const redis = { program: join(folder, "usr/bin", server), env: { LD_LIBRARY_PATH: libraries.join(":") } };
    if (await isUsable(redis)) return redis;
  }
}
