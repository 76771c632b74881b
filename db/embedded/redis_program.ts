// Finding a Redis server (Valkey is as good): an installed one, one unpacked from the distribution's packages, one
// built from source – or one sentence that says what to install.

import { isUsable, type RedisProgram, run } from "./program_trial.ts";
import { redisFromPackages } from "./redis_packages.ts";
import { redisFromSource } from "./redis_source.ts";

export async function redisProgram(
  installDir: string,
  progress: (line: string) => void,
): Promise<RedisProgram> {
  const found = await installedRedis() ??
    await redisFromPackages(installDir, progress) ??
    await redisFromSource(installDir, progress);
  if (found) return found;
  throw new Error(
    "There is no Redis here and none could be fetched: install it (Debian and Ubuntu: apt install redis-server, " +
      "Fedora: dnf install valkey, macOS: brew install redis) or set REDIS_URL.",
  );
}

async function installedRedis(): Promise<RedisProgram | undefined> {
  for (const name of ["redis-server", "valkey-server"]) {
    const { stdout } = await run("/bin/sh", ["-c", `command -v ${name}`]);
    const redis = { program: stdout.trim(), env: {} };
    if (redis.program && await isUsable(redis)) return redis;
  }
}
