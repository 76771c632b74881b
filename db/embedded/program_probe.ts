// Probes programs that may be missing, too old, or built for another system. Failure is a result, not an exception.

import { readTextIfExists } from "./child_process.ts";

export type RedisProgram = { program: string; env: Record<string, string> };

export type ProgramResult = { success: boolean; stdout: string; stderr: string };

/** Runs a program to its end. A program that cannot be started has failed. */
export async function runProgram(
  program: string,
  args: string[],
  options: Deno.CommandOptions = {},
): Promise<ProgramResult> {
  try {
    const env = { LC_ALL: "C", ...options.env };
    const output = await new Deno.Command(program, { args, stdin: "null", ...options, env }).output();
    const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { success: output.success, stdout, stderr };
  } catch (error) {
    return { success: false, stdout: "", stderr: String(error) };
  }
}

/** Whether a Redis runs here and is 6.2 or later, the version that BullMQ recommends. */
export async function isUsableRedis({ program, env }: RedisProgram): Promise<boolean> {
  const { success, stdout } = await runProgram(program, ["--version"], { env });
  const [, major, minor] = /v=(\d+)\.(\d+)/.exec(stdout)?.map(Number) ?? [0, 0, 0];
  return success && (major > 6 || major === 6 && minor >= 2);
}

/** Distribution, version and architecture, for the name of a folder of programs that several systems may mount. */
export async function systemName(): Promise<string> {
  const release = await readTextIfExists("/etc/os-release") ?? "";
  const value = (key: string) => new RegExp(`^${key}="?([\\w.-]+)`, "m").exec(release)?.[1];
  return [value("ID") ?? Deno.build.os, value("VERSION_ID") ?? value("VERSION_CODENAME"), Deno.build.arch]
    .filter(Boolean).join("-");
}
