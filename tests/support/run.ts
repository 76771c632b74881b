// `deno task test`: the whole suite with its own PostgreSQL and Redis. Arguments are test files or options of `deno test`
// ("tests/contract", "--filter", "a race").
import { buildPanel } from "../../web/build.ts";
import { findBrowser } from "./browser.ts";
import { listInvalidEvents } from "./recorded_events.ts";
import { startTemporaryStores } from "./temporary_stores.ts";

const startedAt = performance.now();
const [stores] = await Promise.all([startTemporaryStores(), buildPanel(), findBrowser()]);
let code = 1;
let output = "";
let invalidEvents: string[] = [];
try {
  console.log(`PostgreSQL and Redis are up (${Math.round(performance.now() - startedAt)} ms).`);

  const paths = Deno.args.filter((argument) => argument.startsWith("tests/"));
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "-A", "--quiet", "--no-check", "--parallel"],
      ...Deno.args.filter((argument) => !paths.includes(argument)),
      ...(paths.length > 0 ? paths : ["tests/"]),
    ],
    env: { TEST_DATABASE_URL: stores.databaseUrl, TEST_REDIS_URL: stores.redisUrl, DENO_JOBS: "2" },
    stdout: "piped",
  }).spawn();
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    Deno.stdout.writeSync(chunk);
    output += decoder.decode(chunk, { stream: true });
  }
  code = (await child.status).code;
  invalidEvents = await listInvalidEvents(stores.databaseUrl);
} finally {
  await stores.stop();
}
// deno-lint-ignore no-control-regex
const closing = output.replace(/\x1b\[\d+m/g, "").match(/(\d+) passed(?: \([^)]*\))? \| (\d+) failed/g)?.at(
  -1,
);
const [passed, failed] = closing?.match(/\d+(?= (?:passed|failed))|\d+(?= failed)/g) ?? ["0", "1"];
for (const problem of invalidEvents) {
  console.log(`Recorded event that does not match the catalogue: ${problem}`);
}
console.log(`\n${passed} passed, ${Number(failed) + invalidEvents.length} failed`);
Deno.exit(invalidEvents.length > 0 ? 1 : code);
