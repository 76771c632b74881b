// Redis built from source, where there is neither an installed one nor a package: macOS without Homebrew, Fedora, Arch.
// It takes a C compiler, `make` and some minutes, once.

import { join } from "node:path";
import { oneAtATime } from "./held_folder.ts";
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
  await Deno.mkdir(installDir, { recursive: true });
  return await oneAtATime(`${downloadDir}.lock`, async () => {
    if (await isUsable(built)) return built;
    progress("Building Redis from source, which takes some minutes …");
    try {
      // The package takes this setting of npm for: check the certificate of what is downloaded. It does not otherwise.
      Deno.env.set("npm_config_strict_ssl", "true");
      const { default: builder } = await import("redis-memory-server/lib/util/RedisBinary.js");
      await builder.default.getPath({ downloadDir, version: "stable" });
      if (await isUsable(built)) return built;
    } catch (error) {
      progress(`… that did not work: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
    }
    // The package would wait two minutes for a lock that a failure left here.
    await Deno.remove(downloadDir, { recursive: true }).catch(() => {});
  });
}
