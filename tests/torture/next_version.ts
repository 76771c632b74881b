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
        replaced(
          text,
          "        license_id, hardware_id, machine_name, app_version, activated_at,",
          "        license_id, region, hardware_id, machine_name, app_version, activated_at,",
        ),
        "        license_id, hardware_id, machine_name, app_version, at,",
        "        license_id, 'north', hardware_id, machine_name, app_version, at,",
      ),
    "worker/schedule.ts": (text) => replaced(text, "\n  // Deliveries\n", `\n${job}\n  // Deliveries\n`),
  });
}

/** @throws Error when the program has changed so that there is nothing to replace */
function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`The program has no "${from.trim()}" any more.`);
  return text.replace(from, () => to);
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
    args: ["run", "-A", "--quiet", "--no-check", "cli/migrate_main.ts"],
    cwd: root,
    env: { DATABASE_URL: databaseUrl },
    stdout: "piped",
    stderr: "piped",
  });
}
