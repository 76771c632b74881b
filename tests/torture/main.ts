// `deno task torture [part of a row's name] [--short] [--json=FILE]`: every fault and load of the promises,
// with real processes at full size. Prints what was counted and keeps it as JSON.
import { parseArgs } from "node:util";
import { dirname } from "node:path";
import { shareStores, startTemporaryStores } from "../support/temporary_stores.ts";
import { runBeside } from "./beside.ts";
import { listRows, type Outcome, type Result, type TortureRow } from "./row.ts";

const { values, positionals } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: {
    short: { type: "boolean" },
    /** Set by a process that runs the long rows itself. */
    beside: { type: "boolean" },
    json: { type: "string", default: ".data/torture.json" },
  },
});
const size = values.short ? "short" : "full";

async function run(name: string, row: TortureRow): Promise<Result> {
  console.log(`\n${new Date().toTimeString().slice(0, 8)} ${name} begins`);
  const began = performance.now();
  let outcome: Outcome;
  try {
    outcome = await row.run(size);
  } catch (error) {
    const problem = error instanceof Error ? error.stack ?? error.message : String(error);
    outcome = { held: false, figures: { error: problem } };
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  const result = { name, fault: row.fault, reach: row.reach, ...outcome, seconds };
  print(result);
  return result;
}

/** Prints a row in one piece, because another one may end at the same moment. */
function print({ name, fault, reach, held, figures, seconds }: Result): void {
  console.log([
    `\n${name}: ${fault}`,
    `  to hold: ${reach}`,
    ...Object.entries(figures).map(([figure, value]) => `  ${figure}: ${value}`),
    `  ${held ? "held" : "NOT HELD"} (${seconds} s)`,
  ].join("\n"));
}

const rows = [...await listRows(positionals[0])];
const isFull = size === "full";
const rowsThatRun = (when: NonNullable<TortureRow["when"]>) =>
  values.beside || !isFull ? [] : rows.filter(([, row]) => row.when === when);
const [alone, long, last] = [rowsThatRun("alone"), rowsThatRun("long"), rowsThatRun("last")];
const others = rows.filter(([, row]) => isFull ? !row.when : !row.coveredBy);
// Short forms that break nothing share these databases.
const stores = size === "short" ? await startTemporaryStores() : undefined;
const results: Result[] = [];
try {
  if (stores) shareStores(stores);
  const runInTurn = async (rows: [string, TortureRow][]) => {
    for (const [name, row] of rows) results.push(await run(name, row));
  };
  const runOthers = async () => {
    if (long.length > 0 && others.length > 0) results.push(...await runBeside(positionals.slice(0, 1)));
    else await runInTurn(others);
    await runInTurn(last);
  };
  await runInTurn(alone);
  await Promise.all([...long.map((row) => runInTurn([row])), runOthers()]);
} finally {
  await stores?.stop();
}
results.sort((a, b) => a.name < b.name ? -1 : 1);
await Deno.mkdir(dirname(values.json), { recursive: true });
await Deno.writeTextFile(
  values.json,
  JSON.stringify({ at: new Date(), deno: Deno.version.deno, size, results }, null, 2) + "\n",
);
const broken = results.filter(({ held }) => !held);
const summary =
  `\n${results.length - broken.length} of ${results.length} rows held; the figures are in ${values.json}` +
  (broken.length > 0 ? `\nNot held: ${broken.map(({ name }) => name).join(", ")}` : "");
if (!values.beside) console.log(summary);
Deno.exit(broken.length > 0 || results.length === 0 ? 1 : 0);
