// `deno task torture [part of a row's name] [--short] [--json=FILE]`: every fault and load of the promises, with real
// processes at full size. Prints what was counted and keeps it as JSON.
import { parseArgs } from "node:util";
import { dirname } from "node:path";
import { shareStores, startTemporaryStores } from "../support/temporary_stores.ts";
import { listRows, type Outcome, type TortureRow } from "./row.ts";

const { values, positionals } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: { short: { type: "boolean" }, json: { type: "string", default: ".data/torture.json" } },
});
const size = values.short ? "short" : "full";

interface Result extends Outcome {
  name: string;
  fault: string;
  reach: string;
  seconds: number;
}

async function run(name: string, row: TortureRow): Promise<Result> {
  const began = performance.now();
  let outcome: Outcome;
  try {
    outcome = await row.run(size);
  } catch (error) {
    const problem = error instanceof Error ? error.stack ?? error.message : String(error);
    outcome = { held: false, figures: { error: problem } };
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  return { name, fault: row.fault, reach: row.reach, ...outcome, seconds };
}

const rows = await listRows(positionals[0]);
// Short forms that break nothing share these databases.
const stores = size === "short" ? await startTemporaryStores() : undefined;
const results: Result[] = [];
try {
  if (stores) shareStores(stores);
  for (const [name, row] of rows) {
    if (size === "short" && row.coveredBy) continue;
    console.log(`\n${name}: ${row.fault}\n  to hold: ${row.reach}`);
    const result = await run(name, row);
    results.push(result);
    for (const [figure, value] of Object.entries(result.figures)) console.log(`  ${figure}: ${value}`);
    console.log(`  ${result.held ? "held" : "NOT HELD"} (${result.seconds} s)`);
  }
} finally {
  await stores?.stop();
}
await Deno.mkdir(dirname(values.json), { recursive: true });
await Deno.writeTextFile(
  values.json,
  JSON.stringify({ at: new Date(), deno: Deno.version.deno, size, results }, null, 2) + "\n",
);
const broken = results.filter(({ held }) => !held);
console.log(
  `\n${results.length - broken.length} of ${results.length} rows held; the figures are in ${values.json}` +
    (broken.length > 0 ? `\nNot held: ${broken.map(({ name }) => name).join(", ")}` : ""),
);
Deno.exit(broken.length > 0 || results.length === 0 ? 1 : 0);
