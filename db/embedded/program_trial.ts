// Trying programs that may be missing, too old or made for another system: that is a failure, never an exception.

import { textOf } from "./child.ts";

export type RedisProgram = { program: string; env: Record<string, string> };

export type Outcome = { success: boolean; stdout: string; stderr: string };

export async function run(
  program: string,
  args: string[],
  options: Deno.CommandOptions = {},
): Promise<Outcome> {
  try {
    const env = { LC_ALL: "C", ...options.env };
    const output = await new Deno.Command(program, { args, stdin: "null", ...options, env }).output();
    const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { success: output.success, stdout, stderr };
  } catch (error) {
    return { success: false, stdout: "", stderr: String(error) };
  }
}

/** A Redis that runs, and is not older than what BullMQ recommends. */
export async function isUsable({ program, env }: RedisProgram): Promise<boolean> {
  const { success, stdout } = await run(program, ["--version"], { env });
  const [, major, minor] = /v=(\d+)\.(\d+)/.exec(stdout)?.map(Number) ?? [0, 0, 0];
  return success && (major > 6 || major === 6 && minor >= 2);
}

/** The name of a folder for programs of this system, as one folder may be mounted into several. */
export async function systemName(): Promise<string> {
  const release = await textOf("/etc/os-release") ?? "";
  const value = (key: string) => new RegExp(`^${key}="?([\\w.-]+)`, "m").exec(release)?.[1];
  return [value("ID") ?? Deno.build.os, value("VERSION_ID") ?? value("VERSION_CODENAME"), Deno.build.arch]
    .filter(Boolean).join("-");
}
