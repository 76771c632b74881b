// `deno task test:sdk [language …] [--part=lies] [--no-native]`: native tests and the conformance of every client library whose
// tools are on the machine. Prints each difference and a table; ends with 1 when there is one.
import { parseArgs } from "node:util";
import { shareStores, startTemporaryStores } from "../../support/temporary_stores.ts";
import { tryCppApp } from "./cpp_app.ts";
import { isThere, type Language, languages } from "./languages.ts";
import { Conformance, parts, runIn } from "./parts.ts";
import { tryReadmes } from "./readmes.ts";
import { Vendor } from "./vendor.ts";

const { values, positionals } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: { part: { type: "string", multiple: true }, native: { type: "boolean", default: true } },
  allowNegative: true,
});
const wanted = positionals.map((name) => name.toLowerCase());
const chosen = languages.filter(({ name }) => wanted.length === 0 || wanted.includes(name.toLowerCase()));
const names = values.part ?? Object.keys(parts);
const unknown = [
  ...wanted.filter((name) => !languages.some((language) => language.name.toLowerCase() === name)),
  ...names.filter((name) => !(name in parts)),
];
if (unknown.length > 0) {
  console.error(
    `There is no ${unknown.join(", ")}. Languages: ${languages.map(({ name }) => name).join(", ")}. ` +
      `Parts: ${Object.keys(parts).join(", ")}.`,
  );
  Deno.exit(2);
}

/** By language and part: how many differences, or that it was not run. */
const table: Record<string, Record<string, string>> = {};
const skipped: Language[] = [];
let failures = 0;

const stores = await startTemporaryStores();
try {
  shareStores(stores);
  const vendor = await Vendor.start();
  for (const language of chosen) {
    if (await isThere(language)) await prove(language, vendor);
    else skipped.push(language);
  }
  await vendor.stop();
} finally {
  await stores.stop();
}
printTable();
for (const { name, install } of skipped) console.log(`SKIPPED: ${name}. Under Debian: ${install}`);
console.log(`\n${failures === 0 ? "No difference" : `${failures} differences`}.`);
Deno.exit(failures > 0 ? 1 : 0);

async function prove(language: Language, vendor: Vendor): Promise<void> {
  const row = table[language.name] = {} as Record<string, string>;
  if (!await tried(language, row, "build", () => runIn(language, language.build).then(() => []))) return;
  if (values.native && language.tests.length > 0) {
    await tried(language, row, "native", () => runIn(language, language.tests).then(() => []));
  }
  if (values.native && language.readme) {
    await tried(language, row, "readme", () => tryReadmes(language, vendor));
    if (language.name === "C") await tried(language, row, "C++ app", () => tryCppApp(language, vendor));
  }
  const conformance = new Conformance(language, vendor);
  for (const part of names) await tried(language, row, part, () => conformance.run(part));
  await tried(language, row, "end", () => conformance.end());
}

/** Notes what came of a part, and prints what is different. */
async function tried(
  { name }: Language,
  row: Record<string, string>,
  part: string,
  run: () => Promise<string[]>,
): Promise<boolean> {
  const began = performance.now();
  const found = await run().catch((error: Error) => [error.message]);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  failures += found.length;
  row[part] = found.length === 0 ? "ok" : `${found.length} FAILED`;
  console.log(`${name}: ${part} ${row[part]} (${seconds} s)`);
  for (const text of found) console.log(`  ${name}, ${part}: ${text}`);
  return found.length === 0;
}

function printTable(): void {
  const columns = ["build", "native", "readme", "C++ app", ...names, "end"];
  const width = Math.max(...columns.map((name) => name.length)) + 2;
  const found = Object.entries(table);
  console.log(`\n${"".padEnd(width)}${found.map(([name]) => name.padEnd(14)).join("")}`);
  for (const part of columns) {
    console.log(part.padEnd(width) + found.map(([, row]) => (row[part] ?? "-").padEnd(14)).join(""));
  }
}
