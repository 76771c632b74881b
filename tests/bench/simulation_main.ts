// `deno task bench:simulation`: what 10,000 to 100,000,000 licenses need, computed from the sizes of small data sets and the
// cost of a request. Prints the tables of docs/scaling.md.
import { parseArgs } from "node:util";
import { dirname } from "node:path";
import { type MeasuredSizes, measureSizes } from "./simulation/measure_sizes.ts";
import { fitRelations, simulate } from "./simulation/model.ts";

const options = `
  --factors LIST  parts of 1,000,000 licenses that are loaded and measured; by default 0.01,0.05,0.1
  --data FOLDER   where they are kept; by default .data/bench-simulation
  --json FILE     where the measured sizes are kept; by default .data/simulation.json
  --again         computes with the sizes in that file and loads nothing`;

const { values } = parseArgs({
  args: Deno.args.filter((argument) => argument !== "--"),
  options: {
    factors: { type: "string", default: "0.01,0.05,0.1" },
    data: { type: "string", default: ".data/bench-simulation" },
    json: { type: "string", default: ".data/simulation.json" },
    again: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log(`bench:simulation${options}`);
  Deno.exit(0);
}

async function measureAll(): Promise<MeasuredSizes[]> {
  const measured: MeasuredSizes[] = [];
  for (const factor of values.factors.split(",").map(Number)) {
    console.log(`Factor ${factor}:`);
    measured.push(await measureSizes(values.data, factor, console.log));
  }
  await Deno.mkdir(dirname(values.json), { recursive: true });
  await Deno.writeTextFile(values.json, JSON.stringify(measured, null, 2) + "\n");
  return measured;
}

const measured: MeasuredSizes[] = values.again
  ? JSON.parse(await Deno.readTextFile(values.json))
  : await measureAll();

const size = (bytes: number) =>
  bytes >= 1e12
    ? `${(bytes / 1e12).toFixed(1)} TB`
    : bytes >= 1e9
    ? `${Math.round(bytes / 1e9)} GB`
    : `${Math.round(bytes / 1e6)} MB`;
const rate = (value: number) => value >= 10 ? Math.round(value).toLocaleString("en") : value.toFixed(1);

const total = measured.map(({ licenses, relations }) =>
  `${licenses.toLocaleString("en")} licenses: ${
    Math.round(relations.reduce((sum, { bytes }) => sum + Number(bytes), 0) / licenses)
  } bytes each`
);
console.log(`\nMeasured: ${total.join("; ")}\n`);
console.log("| table or index | bytes a license | distance from a line |\n| --- | ---: | ---: |");
for (const { table, index, each, deviation } of fitRelations(measured).slice(0, 20)) {
  console.log(
    `| ${index ? `${table}, ${index}` : `**${table}**`} | ${Math.round(each)} | ${
      Math.round(deviation * 100)
    } % |`,
  );
}
console.log(
  "\n| licenses | tables | indexes | memory | requests/s | writes/s | server cores | PostgreSQL cores | from the cache | backup |",
);
console.log("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
for (const licenses of [1e4, 1e5, 1e6, 1e7, 1e8]) {
  const need = simulate(licenses, measured);
  const time = need.backupHours >= 1
    ? `${need.backupHours.toFixed(1)} h`
    : `${Math.max(1, Math.round(need.backupHours * 60))} min`;
  console.log(
    `| ${
      [
        licenses.toLocaleString("en"),
        size(need.tableBytes),
        size(need.indexBytes),
        size(need.hotBytes),
        rate(need.requests),
        rate(need.writes),
        rate(need.serverCores),
        rate(need.databaseCores),
        `${Math.round(need.cached * 100)} %`,
        `${size(need.backupBytes)}, ${time}`,
      ].join(" | ")
    } |`,
  );
}
Deno.exit(0);
