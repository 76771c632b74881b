// `deno task test`: the whole suite with its own PostgreSQL and Redis. Arguments are test files or options of `deno test`
// ("tests/contract", "--filter", "a race").
import { join, resolve } from "node:path";
import { connect } from "../../db/connect.ts";
import { startPostgres } from "../../db/embedded/postgres.ts";
import { startRedis } from "../../db/embedded/redis.ts";
import { migrate } from "../../db/migrate.ts";
import { buildPanel } from "../../web/build.ts";
import { findBrowser } from "./browser.ts";
import { listInvalidEvents } from "./recorded_events.ts";

const startedAt = performance.now();
const folder = await Deno.makeTempDir({ prefix: "latchkey-test-" });
// When started by root, PostgreSQL runs under another account, which needs read access to the folder.
await Deno.chmod(folder, 0o755);
const [postgres, redis] = await Promise.all([
  startPostgres({ dir: join(folder, "postgres"), durable: false, progress: console.log }),
  startRedis({
    dir: join(folder, "redis"),
    installDir: resolve(".data/programs"),
    durable: false,
    progress: console.log,
  }),
  buildPanel(),
  findBrowser(),
]);
let code = 1;
let output = "";
let invalidEvents: string[] = [];
try {
  const db = connect(postgres.url, { max: 1, name: "tests" });
  await migrate(db);
  await db.end();
  console.log(`PostgreSQL and Redis are up (${Math.round(performance.now() - startedAt)} ms).`);

  const paths = Deno.args.filter((argument) => argument.startsWith("tests/"));
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "-A", "--quiet", "--no-check", "--parallel"],
      ...Deno.args.filter((argument) => !paths.includes(argument)),
      ...(paths.length > 0 ? paths : ["tests/"]),
    ],
    env: { TEST_DATABASE_URL: postgres.url, TEST_REDIS_URL: redis.url, DENO_JOBS: "2" },
    stdout: "piped",
  }).spawn();
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    Deno.stdout.writeSync(chunk);
    output += decoder.decode(chunk, { stream: true });
  }
  code = (await child.status).code;
  invalidEvents = await listInvalidEvents(postgres.url);
} finally {
  await Promise.allSettled([postgres.stop(), redis.stop()]);
  await Deno.remove(folder, { recursive: true });
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
