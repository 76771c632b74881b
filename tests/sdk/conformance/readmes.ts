// The lines of each README as they stand, with the values that the panel fills in: built as the README says, they activate a
// license, and have it at the next start without a network.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { libraries } from "../../../web/pages/get_started/languages.ts";
import { fillIn, linesOf } from "../../../web/pages/get_started/library_code.ts";
import { lost } from "./between.ts";
import type { Language, ReadmeProgram } from "./languages.ts";
import { PRODUCT, type Vendor } from "./vendor.ts";

/** @returns what is different */
export async function tryReadmes(language: Language, vendor: Vendor): Promise<string[]> {
  const found: string[] = [];
  for (const program of language.readme ?? []) {
    const folder = await mkdtemp(join(tmpdir(), "latchkey-readme-"));
    try {
      found.push(
        ...(await tryReadme(language, program, vendor, folder)).map((text) => `${program.id}: ${text}`),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  return found;
}

async function tryReadme(
  { folder: from }: Language,
  { id, file, build }: ReadmeProgram,
  vendor: Vendor,
  folder: string,
): Promise<string[]> {
  const home = fileURLToPath(new URL(`../../../${from}/`, import.meta.url));
  const { between, server, publicKeys } = vendor;
  const library = libraries.find((one) => one.id === id)!;
  const kept = join(folder, "license.json");
  const { key: licenseKey } = await vendor.license();
  const lines = fillIn(linesOf(await readFile(join(home, "README.md"), "utf8"), library)!, {
    url: between.url,
    apiKey: server.apiKey,
    product: PRODUCT,
    licenseKey,
    key: publicKeys[0] as { kid: string; x: string },
  }).replace("/path/of/your/app/license.json", kept);
  const found: string[] = [];
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), `${lines}\n`);
  await run(["sh", "-euc", build], home, folder);
  between.begin(between.honest);
  await run(["sh", join(folder, "run")], folder, folder);
  const calls = between.requests.map(({ path }) => path);
  if (!calls.includes("/api/license/activate")) found.push(`nothing was activated: ${calls}`);
  const record = JSON.parse(await readFile(kept, "utf8").catch(() => "{}"));
  if (!record.validation || !record.file) found.push(`the license is not kept: ${JSON.stringify(record)}`);
  between.begin(lost);
  await run(["sh", join(folder, "run")], folder, folder);
  const later = between.requests.map(({ path }) => path);
  if (later.includes("/api/license/activate")) found.push("without a network it was activated again");
  return found;
}

/** Runs a command, with `$FOLDER`. @throws Error with the output of a command that fails */
export async function run([program, ...args]: string[], cwd: string, folder: string): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd,
    env: { FOLDER: folder },
    stdin: "null",
    signal: AbortSignal.timeout(300_000),
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (!success) throw new Error(`${args.at(-1)} failed:\n${text.slice(-4000)}`);
}
