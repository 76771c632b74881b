// `deno task test`: the whole suite with its own PostgreSQL and Redis. Arguments are test files or folders,
// `--filter "a race"`, `--reverse` for the opposite order of files, and other options of `deno test`.
import { join } from "node:path";
import { buildPanel } from "../../web/build.ts";
import { findBrowser } from "./browser.ts";
import { divideFiles, JOBS, listTestFiles, writeGroups } from "./group_files.ts";
import { listInvalidEvents } from "./recorded_events.ts";
import { startTemporaryStores } from "./temporary_stores.ts";
import { countSteps, readableLine } from "./test_output.ts";
import { isNpmThere } from "./npm_there.ts";
import { isPythonThere } from "./verifier/python_there.ts";

const { paths, filter, isReversed, others } = readArguments([...Deno.args]);
const startedAt = performance.now();
const [stores] = await Promise.all([startTemporaryStores(), buildPanel(), findBrowser()]);
const folder = await Deno.makeTempDir({ prefix: "latchkey-groups-" });
let code = 1;
let output = "";
let invalidEvents: string[] = [];
try {
  console.log(`PostgreSQL and Redis are up (${Math.round(performance.now() - startedAt)} ms).`);
  const files = await listTestFiles(paths.length > 0 ? paths : ["tests/"]);
  await writeGroups(folder, divideFiles(isReversed ? files.reverse() : files), filter);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--quiet", "--no-check", "--parallel", "--config=deno.json", ...others, folder],
    env: { TEST_DATABASE_URL: stores.databaseUrl, TEST_REDIS_URL: stores.redisUrl, DENO_JOBS: String(JOBS) },
    stdout: "piped",
  }).spawn();
  let rest = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const line of lines) print(readableLine(line, folder));
  }
  print(rest);
  code = (await child.status).code;
  invalidEvents = await listInvalidEvents(stores.databaseUrl);
} finally {
  await stores.stop();
  await Deno.remove(folder, { recursive: true });
}
for (const problem of invalidEvents) {
  console.log(`Recorded event that does not match the catalogue: ${problem}`);
}
if (!isPythonThere) {
  console.log(
    '\nSKIPPED: the verifier in Python. Install python3 with its package "cryptography" to run it.',
  );
}
if (!isNpmThere) {
  console.log("\nSKIPPED: the TypeScript library as a package. Install Node and npm to run it.");
}
const { passed, failed } = countSteps(output);
// A process that ended too early has failed, whatever it has counted.
const failures = Math.max(failed, code === 0 ? 0 : 1) + invalidEvents.length;
console.log(`\n${passed} passed, ${failures} failed`);
Deno.exit(failures > 0 ? 1 : 0);

function print(line: string): void {
  console.log(line);
  output += `${line}\n`;
}

function readArguments(args: string[]) {
  const paths: string[] = [];
  const others: string[] = [];
  let filter: string | null = null;
  let isReversed = false;
  for (let argument = args.shift(); argument !== undefined; argument = args.shift()) {
    if (argument === "--filter") filter = args.shift() ?? null;
    else if (argument.startsWith("--filter=")) filter = argument.slice("--filter=".length);
    else if (argument === "--reverse") isReversed = true;
    else if (/^(\.\/)?tests(\/|$)/.test(argument)) paths.push(join(argument));
    else others.push(argument);
  }
  return { paths, filter, isReversed, others };
}
