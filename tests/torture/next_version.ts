// The next version of the program: its migrations add a column and an index, its servers write the column, and its
// workers fill it where it is empty.
import { fileURLToPath } from "node:url";
import { ownProgram } from "../../db/migration_files.ts";
import { copyProgram, type ProgramCopy } from "../support/program_copy.ts";

/** The names of its migrations. */
export const nextMigrations = ["9001_activation_regions.sql", "9002_activations_by_region.sql"];

export const nextVersion = ownProgram.version.replace(/\.(\d+)\./, (_, minor) => `.${Number(minor) + 1}.`);

export async function copyNextVersion(): Promise<ProgramCopy> {
  return await copyProgram({
    "deno.json": (text) => text.replace(/"version": "[^"]*"/, `"version": "${nextVersion}"`),
    [`db/migrations/${nextMigrations[0]}`]: () =>
      `-- requires program ${ownProgram.version}\nalter table activations add column region text;\n`,
    [`db/migrations/${nextMigrations[1]}`]: () =>
      `-- requires program ${ownProgram.version}\n-- no transaction\n` +
      "create index concurrently if not exists activations_by_region on activations (region);\n",
    "server/domain/activations/activation_batch.ts": (text) =>
      replaced(
        text,
        /(insert\s+into\s+activations\s*\()([^)]*\)\s*select\s)/,
        (start, columns) => `${start} region, ${columns} 'north', `,
      ),
    "worker/schedule.ts": (text) =>
      replaced(text, /(const jobs: Job\[\]\s*=\s*\[)()/, (start) => `${start}\n${job}`),
  });
}

/**
 * Replaces a part of the program's text that is there once. What is replaced does not depend on how its lines are wrapped.
 *
 * @param by gets the pattern's two groups
 * @throws Error when the program has changed so that the part is not there, or is there several times
 */
function replaced(text: string, part: RegExp, by: (first: string, second: string) => string): string {
  const found = [...text.matchAll(new RegExp(part, "g"))].length;
  if (found !== 1) throw new Error(`The program has ${part} ${found} times.`);
  return text.replace(part, (_, first, second) => by(first, second));
}

const job = `  {
    name: "fill_regions",
    queue: "housekeeping",
    every: SECOND,
    attempts: 1,
    run: async (ctx) => {
      const filled = await ctx.db\`
        update activations
        set region = 'filled'
        where id in (select id from activations where region is null limit 500)\`;
      return { filled: filled.count };
    },
  },`;

/** Runs `migrate` of a version. Returns its exit code and what it printed. */
export async function runMigrate(
  databaseUrl: string,
  root = fileURLToPath(new URL("../../", import.meta.url)),
): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await migrateCommand(databaseUrl, root).output();
  return { code, output: [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("").trim() };
}

export function migrateCommand(databaseUrl: string, root: string): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "cli/latchkey_main.ts", "migrate"],
    cwd: root,
    env: { DATABASE_URL: databaseUrl },
    stdout: "piped",
    stderr: "piped",
  });
}
