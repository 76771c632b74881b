// Builds Redis from source where it is neither installed nor packaged: macOS without Homebrew, Fedora, Arch. It needs a
// C compiler and `make`, and takes some minutes, once.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withFileLock } from "./directory_lock.ts";
import { isUsableRedis, type RedisProgram, runProgram, systemName } from "./program_probe.ts";

/** The folder whose packages.json lists the package that builds Redis; it is installed only here, when it is needed. */
const builderFolder = fileURLToPath(new URL("./redis_source/", import.meta.url));
const builder = `
  const { default: binary } = await import("redis-memory-server/lib/util/RedisBinary.js");
  await binary.default.getPath({ downloadDir: Deno.args[0], version: "stable" });
`;

/** Builds Redis; undefined where there is no compiler or the build fails. */
export async function buildRedis(
  installDir: string,
  progress: (line: string) => void,
): Promise<RedisProgram | undefined> {
  const downloadDir = join(installDir, `redis-source-${await systemName()}`);
  const built = { program: join(downloadDir, "stable/redis-server"), env: {} };
  if (await isUsableRedis(built)) return built;
  for (const tool of ["make", "cc"]) {
    if (!(await runProgram("/bin/sh", ["-c", `command -v ${tool}`])).success) return undefined;
  }
  await Deno.mkdir(installDir, { recursive: true });
  return await withFileLock(`${downloadDir}.lock`, async () => {
    if (await isUsableRedis(built)) return built;
    progress("Building Redis from source, which takes some minutes …");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", "--frozen", "--config=packages.json", builder, downloadDir],
      cwd: builderFolder,
      // Without this setting of npm the package does not check certificates.
      env: { npm_config_strict_ssl: "true" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (success && await isUsableRedis(built)) return built;
    const reason = new TextDecoder().decode(stderr).trim().split("\n")[0];
    progress(`… Redis could not be built: ${reason}`);
    // A failed build leaves a lock for which the package would wait two minutes.
    await Deno.remove(downloadDir, { recursive: true }).catch(() => {});
  });
}
