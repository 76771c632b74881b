// Redis built from source, where there is neither an installed one nor a package: macOS without Homebrew, Fedora, Arch.
// It takes a C compiler, `make` and some minutes, once.

import { join } from "node:path";
import { isUsable, type RedisProgram, run, systemName } from "./program_trial.ts";

export async function redisFromSource(
  installDir: string,
  progress: (line: string) => void,
): Promise<RedisProgram | undefined> {
  const downloadDir = join(installDir, `redis-source-${await systemName()}`);
  const built = { program: join(downloadDir, "stable/redis-server"), env: {} };
  if (await isUsable(built)) return built;
  for (const tool of ["make", "cc"]) {
    if (!(await run("/bin/sh", ["-c", `command -v ${tool}`])).success) return undefined;
  }
  progress("Building Redis from source, which takes some minutes …");
  try {
    // The package takes this setting of npm for: check the certificate of what is downloaded. It does not otherwise.
    Deno.env.set("npm_config_strict_ssl", "true");
    const { default: builder } = await import("redis-memory-server/lib/util/RedisBinary.js");
    await builder.default.getPath({ downloadDir, version: "stable" });
    return await isUsable(built) ? built : undefined;
  } catch (error) {
    progress(`… that did not work: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}
