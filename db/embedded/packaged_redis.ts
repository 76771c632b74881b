// A Redis to take along to another machine of the same platform: the program and its libraries, but not the C library,
// which must match the loader of that machine.

import { basename, join } from "node:path";
import { type RedisProgram, runProgram } from "./program_probe.ts";

/** The folder for it, in the folder of programs. */
export const PACKAGED_REDIS = "redis-packaged";

const ofTheSystem = /^(ld-linux|libc|libm|libdl|libpthread|librt|libresolv)[.-]/;

/**
 * Copies a Redis for Linux.
 *
 * @param folder gets `usr/bin` and `usr/lib`
 * @throws Error when its libraries cannot be listed
 */
export async function copyRedis({ program, env }: RedisProgram, folder: string): Promise<void> {
  const { success, stdout, stderr } = await runProgram("ldd", [program], { env });
  if (!success) throw new Error(`The libraries of ${program} cannot be listed: ${stderr}`);
  const [programs, libraries] = [join(folder, "usr/bin"), join(folder, "usr/lib")];
  for (const path of [programs, libraries]) await Deno.mkdir(path, { recursive: true });
  await Deno.copyFile(program, join(programs, basename(program)));
  for (const [, name, path] of stdout.matchAll(/^\s*(\S+) => (\/\S+)/gm)) {
    if (!ofTheSystem.test(name)) await Deno.copyFile(path, join(libraries, name));
  }
}
