// `deno task bench:scale [factor]`: every list, filter, search and statistic of the panel, and verification, on a data set of
// 1,000,000 licenses (or the part of it that `factor` says), which is loaded once and kept. `--help` says the options.
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "../../db/embedded/postgres.ts";
import { benchContext, createBenchKey, signOwnerIn } from "./bench_callers.ts";
import { raisedLimits, startEnvironment } from "./bench_environment.ts";
import { ensureDataSet, postgresSettings } from "./scale/data_directory.ts";
import { readKnown } from "./scale/known.ts";
import { measureCall, type MeasuredCall } from "./scale/measure_calls.ts";
import { type MeasuredExport, measureExports } from "./scale/measure_exports.ts";
import { measureVerify, type VerifyAtScale } from "./scale/measure_verify.ts";
import { panelCalls } from "./scale/panel_calls.ts";

const options = `
  --data FOLDER   where the data is kept; by default .data/bench-scale
  --reload        loads it again
  --keep-schema   uses data of another schema as it is, for one who tries indexes on it
  --database      only starts the database, until Ctrl-C
  --only TEXT     only calls whose name contains this text; "exports", "verify"
  --times N       calls of each kind; by default 50
  --seconds N     the length of a round of verification; by default 5
  --json FILE     where the figures are kept; by default .data/bench_scale.json`;

const { values, positionals } = parseArgs({
  args: Deno.args.filter((argument) => argument !== "--"),
  allowPositionals: true,
  options: {
    data: { type: "string", default: ".data/bench-scale" },
    reload: { type: "boolean" },
    "keep-schema": { type: "boolean" },
    database: { type: "boolean" },
    help: { type: "boolean" },
    only: { type: "string", default: "" },
    times: { type: "string", default: "50" },
    seconds: { type: "string", default: "5" },
    json: { type: "string", default: ".data/bench_scale.json" },
  },
});
if (values.help) {
  console.log(`bench:scale [factor]${options}`);
  Deno.exit(0);
}
const factor = Number(positionals[0] ?? 1);
const times = Number(values.times);
const seconds = Number(values.seconds);
if (!(factor > 0 && factor <= 10)) throw new Error("The factor is a number above 0, at most 10.");
if (!(times >= 1 && seconds >= 1)) throw new Error("--times and --seconds are numbers from 1.");

const data = await ensureDataSet(
  { folder: values.data, factor, reload: values.reload, keepSchema: values["keep-schema"] },
  console.log,
);
if (values.database) await runDatabase();
else await measureAll();
Deno.exit(0);

async function runDatabase(): Promise<void> {
  const postgres = await startPostgres({ dir: join(values.data, "postgres"), settings: postgresSettings });
  console.log(`DATABASE_URL=${postgres.url}\nCtrl-C stops it.`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, resolve);
  });
  await postgres.stop();
}

async function measureAll(): Promise<void> {
  const environment = await startEnvironment({
    folder: values.data,
    settings: postgresSettings,
    secrets: data.secrets,
  });
  const calls: MeasuredCall[] = [];
  let exports: MeasuredExport[] = [];
  let verify: VerifyAtScale | undefined;
  try {
    const server = await environment.startServer(raisedLimits);
    const ctx = await benchContext(environment.db, data.secrets.ENCRYPTION_KEY);
    const token = await signOwnerIn(ctx);
    const wanted = panelCalls(await readKnown(environment.db)).filter(({ procedure, name }) =>
      `${procedure}, ${name}`.includes(values.only)
    );
    console.log(`   first      p50      p99   goal; milliseconds, ${times} calls each after the first`);
    for (const call of wanted) {
      const measured = await measureCall(server.url, token, call, times);
      calls.push(measured);
      console.log(lineOf(measured));
    }
    if ("exports".includes(values.only)) {
      exports = await measureExports(server, token);
      for (const each of exports) {
        console.log(
          `  ${each.path}: ${each.status}, first rows after ${each.firstRows} ms, ${each.megabytesPerSecond} MB/s, ` +
            `server ${each.growth} MB larger at most${each.isWhole ? "" : ", not read to its end"}`,
        );
      }
    }
    if ("verify".includes(values.only)) {
      const apiKey = await createBenchKey(ctx);
      verify = await measureVerify(environment.db, server, apiKey, { seconds, rounds: 3 }, console.log);
      const { keys, all, few } = verify;
      const ratio = few.cpu / all.cpu;
      console.log(
        `  verify, keys from ${keys}: ${Math.round(all.requestsPerSecond)}/s, ${Math.round(all.cpu)} µs; ` +
          `from 10,000: ${Math.round(few.requestsPerSecond)}/s, ${Math.round(few.cpu)} µs; ratio by CPU ` +
          `${ratio.toFixed(2)} (goal 0.8)${
            ratio < 0.8 ? "  BELOW" : ""
          }; server ${verify.memoryMegabytes} MB`,
      );
    }
  } finally {
    await environment.stop();
  }
  const missed = calls.filter(({ p99, goal, problem }) => p99 > goal || problem);
  console.log(`\n${calls.length - missed.length} of ${calls.length} calls within their goal.`);
  for (const call of missed.toSorted((a, b) => b.p99 - a.p99)) console.log(lineOf(call));
  await Deno.mkdir(dirname(values.json), { recursive: true });
  const { loadedAt, seconds: loadSeconds } = data;
  await Deno.writeTextFile(
    values.json,
    JSON.stringify({ at: new Date(), factor, loadedAt, loadSeconds, calls, exports, verify }, null, 2) + "\n",
  );
  console.log(`The figures are in ${values.json}.`);
}

function lineOf({ call, times: made, first, p50, p99, goal, problem }: MeasuredCall): string {
  const figures = [first, p50, p99].map((figure) => figure.toFixed(1).padStart(8)).join(" ");
  return `${figures} ${String(goal).padStart(5)}  ${call}${p99 > goal ? "  OVER" : ""}${
    made < times ? `  (${made} calls)` : ""
  }${problem ? `  ${problem.slice(0, 160)}` : ""}`;
}
