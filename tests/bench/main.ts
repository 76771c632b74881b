// `deno task bench [seconds]`: the calls of apps on the production programs, each in turn with its yardstick so that other
// load affects both; requests per second, latency and CPU time a request. `--help` says the options.
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { cpus } from "node:os";
import assert from "node:assert/strict";
import { testSecrets } from "../support/secrets.ts";
import { benchContext, createBenchKey } from "./bench_callers.ts";
import { startEnvironment } from "./bench_environment.ts";
import { drawChart } from "./chart.ts";
import { loadGenerator } from "./load_generator.ts";
import { measureListener, prepareSample } from "./measure_listener.ts";
import { type Figures, linesOf, problemsOf, tableHead } from "./report.ts";

const { values, positionals } = parseArgs({
  args: Deno.args.filter((argument) => argument !== "--"),
  allowPositionals: true,
  options: {
    listener: { type: "string" },
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "3" },
    licenses: { type: "string", default: "100000" },
    json: { type: "string", default: ".data/bench.json" },
    chart: { type: "string" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log(`bench [seconds of a round; 5]
  --listener NAME   node or deno alone
  --only TEXT       only subjects whose name contains this text
  --rounds N        rounds of each; by default 3
  --licenses N      by default 100,000
  --json FILE       where the figures are kept; by default .data/bench.json
  --chart FILE      only draws the chart of the figures that are kept, an SVG image`);
  Deno.exit(0);
}
if (values.chart) {
  await Deno.writeTextFile(values.chart, drawChart(JSON.parse(await Deno.readTextFile(values.json))));
  console.log(`The chart is in ${values.chart}.`);
  Deno.exit(0);
}
const [seconds, rounds, licenses] = [positionals[0] ?? "5", values.rounds, values.licenses].map(Number);
if (!(seconds >= 1 && rounds >= 1 && licenses >= 1000)) {
  throw new Error(
    "Seconds and rounds are numbers from 1, licenses one from 1000: deno task bench 2 --rounds 3",
  );
}
const settings = { seconds, rounds, connections: 32, only: values.only };
const figures: Figures = {
  at: new Date().toISOString(),
  machine: `${cpus().length} cores, ${cpus()[0].model}`,
  deno: Deno.version.deno,
  load: await loadGenerator(),
  ...{ rounds, seconds, licenses, connections: settings.connections },
  subjects: [],
  memoryMegabytes: {},
  answersCompared: 0,
  differences: [],
};
console.log(`${figures.machine}; Deno ${figures.deno}; load from ${figures.load}`);
console.log(`${rounds} rounds of ${seconds} s, ${settings.connections} connections, ${licenses} licenses`);

const environment = await startEnvironment();
try {
  const ctx = await benchContext(environment.db, testSecrets.ENCRYPTION_KEY);
  const apiKey = await createBenchKey(ctx);
  const sample = await prepareSample(environment.db, licenses);
  for (const listener of values.listener ? [values.listener] : ["node", "deno"]) {
    console.log(`\n${listener} listener\n${tableHead}`);
    const measured = await measureListener(
      environment,
      { ...settings, listener, apiKey, sample },
      (subject) => {
        for (const line of linesOf(subject)) console.log(line);
      },
    );
    figures.subjects.push(...measured.subjects);
    figures.memoryMegabytes[listener] = measured.memoryMegabytes;
    figures.answersCompared += measured.answersCompared;
    figures.differences.push(...measured.differences);
    console.log(`memory of the server: ${measured.memoryMegabytes} MB`);
  }
  const [{ wrong }] = await environment.db<{ wrong: number }[]>`
    select count(*) as wrong
    from licenses l
    where activations_in_use <> (select count(*) from activations a where a.license_id = l.id and a.is_active)`;
  assert.equal(wrong, 0, "activation counts match the activations");
} finally {
  await environment.stop();
}
await Deno.mkdir(dirname(values.json), { recursive: true });
await Deno.writeTextFile(values.json, JSON.stringify(figures, null, 2) + "\n");

const problems = [...figures.subjects.flatMap(problemsOf), ...figures.differences];
console.log(`\n${figures.answersCompared} answers under load were compared with the database.`);
console.log(
  problems.length === 0 ? "Every goal is reached." : `Not as it should be:\n  ${problems.join("\n  ")}`,
);
console.log(`The figures are in ${values.json}.`);
Deno.exit(0);
