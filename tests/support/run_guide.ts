// Runs the commands of a guide in one shell from top to bottom, as a reader does, and returns what each of them wrote.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Guide, GuideBlock } from "./guides.ts";

/** The commands without which no guide can be run. */
const required = ["bash", "curl", "jq", "python3"];
/** How long all commands of a guide may take; milliseconds. */
const LONGEST = 120_000;

export function isInstalled(command: string): boolean {
  return Deno.env.get("PATH")!.split(":").some((folder) => existsSync(join(folder, command)));
}

/**
 * Runs the commands of a guide.
 *
 * @param setUp the block that defines what the commands of all guides use
 * @param localize replaces addresses in commands by those of the system under test
 * @returns the standard output of each command
 * @throws Error with the line of the guide and what was written when a command fails
 */
export async function runGuide(
  guide: Guide,
  setUp: GuideBlock,
  localize: (command: string) => string,
): Promise<Map<GuideBlock, string>> {
  const missing = required.filter((command) => !isInstalled(command));
  if (missing.length > 0) throw new Error(`Install ${missing.join(", ")}: the guides are run with it.`);
  const folder = await Deno.makeTempDir();
  try {
    await writePrograms(folder, guide);
    const commands = guide.blocks.filter((block) => block.language === "sh" && block.notRun === null);
    const all = commands.includes(setUp) ? commands : [setUp, ...commands];
    const script = all.flatMap((block, number) => [
      `echo ${number} > at; exec > ${number}.out`,
      localize(block.text),
    ]);
    await Deno.writeTextFile(join(folder, "script.sh"), ["set -euo pipefail", ...script].join("\n"));
    const { success, stderr } = await new Deno.Command("bash", {
      args: ["script.sh"],
      cwd: folder,
      env: {
        PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
        NO_PROXY: "127.0.0.1",
        no_proxy: "127.0.0.1",
      },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      signal: AbortSignal.timeout(LONGEST),
    }).output();
    const read = (number: number) => Deno.readTextFile(join(folder, `${number}.out`));
    if (!success) {
      const at = Number(await Deno.readTextFile(join(folder, "at")));
      const said = new TextDecoder().decode(stderr);
      throw new Error(`The command at ${all[at].at} failed.\n${said}${await read(at)}`);
    }
    return new Map(await Promise.all(all.map(async (block, number) => [block, await read(number)] as const)));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Saves the programs under their names. Deno stands in for a Node that runs TypeScript. */
async function writePrograms(folder: string, { blocks }: Guide): Promise<void> {
  for (const { file, text } of blocks) if (file) await Deno.writeTextFile(join(folder, file), text);
  await Deno.mkdir(join(folder, "bin"));
  await Deno.writeTextFile(
    join(folder, "bin/node"),
    `#!/bin/sh\nexec '${Deno.execPath()}' run -A --quiet --no-check --no-config --no-lock "$@"\n`,
    { mode: 0o755 },
  );
}
