// `deno task bench`: requests per second against yardsticks, measured in turn in the same run, so that a noisy machine
// slows both. Ratios count; absolute figures depend on the machine. `deno task bench -- 2` runs rounds of 2 seconds.
import assert from "node:assert/strict";
import { cpus } from "node:os";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { freePort } from "../../db/embedded/free_port.ts";
import { drive, driver, type Figures } from "./drive.ts";
import { loadLicenses } from "./load.ts";
import { type Actor, setStage } from "./stage.ts";

const SECONDS = Number(Deno.args[0] ?? 5);
const ROUNDS = 3;
const CONNECTIONS = 32;
const LICENSES = 100_000;

interface Subject {
  name: string;
  run(seconds?: number): Promise<Figures>;
}

const stage = await setStage();
try {
  console.log(
    `${cpus().length} cores, ${cpus()[0].model}; Deno ${Deno.version.deno}; driven by ${await driver()}`,
  );
  console.log(`${ROUNDS} rounds of ${SECONDS} s, ${CONNECTIONS} connections, ${LICENSES} licenses\n`);
  const { keys, hardwareOf } = await loadLicenses(stage.db, LICENSES, 1, 1_000_000);
  const ctx = await systemContext(
    stage.db,
    "bench",
    new Date(),
    createCipher("encryption key of the benchmark"),
  );
  const { key: apiKey } = await createApiKey(ctx, { name: "bench", productId: null });
  const headers = { "X-API-Key": apiKey };

  for (const listener of ["node", "deno"]) {
    const server = await stage.startServer({ LISTENER: listener });
    const port = freePort();
    const yardstick = await stage.start("tests/bench/yardstick.ts", [
      listener,
      String(port),
      stage.databaseUrl,
    ], port);
    const ids = Array.from({ length: 10_000 }, (_, n) => JSON.stringify({ id: 1 + (n * 7919) % LICENSES }));
    const known = shuffle(keys).map((key) =>
      JSON.stringify({ license_key: key, hardware_hash: hardwareOf(key, 1), app_version: "1.0.0" })
    );
    let machine = 0;
    const fresh = () =>
      Array.from({ length: 60_000 }, (_, n) =>
        JSON.stringify({
          license_key: keys[(n * 31) % keys.length],
          hardware_hash: `new-${machine++}`,
          machine_name: "NEW-PC",
          app_version: "1.0.0",
        }));
    const against = (actor: Actor, path: string, bodies: string[] | (() => string[])): Subject => ({
      name: path,
      run: (seconds = SECONDS) =>
        drive({
          url: actor.url + path,
          headers,
          bodies: typeof bodies === "function" ? bodies() : bodies,
          connections: CONNECTIONS,
          seconds,
        }),
    });
    const verify = against(server, "/api/license/verify", known);
    const heartbeat = against(server, "/api/license/heartbeat", known);
    const activate = against(server, "/api/license/activate", fresh);
    const constant = against(yardstick, "/constant", known);
    const select = against(yardstick, "/select", ids);
    const insert = against(yardstick, "/insert", ids);

    console.log(`${listener} listener`);
    // Until every license has been asked for once, as a server in use has been.
    await verify.run(10);
    await compare(verify, constant, 0.5);
    await compare(verify, select, 2);
    await compare(heartbeat, verify, 0.8);
    await compare(activate, insert, 0.5);
    console.log(`  memory of the server process: ${Math.round(await server.memory() / 2 ** 20)} MB\n`);
    await yardstick.stop();
    await server.stop();
  }
  const [{ wrong }] = await stage.db<{ wrong: number }[]>`
    select count(*) as wrong
    from licenses l
    where activations_in_use <> (select count(*) from activations a where a.license_id = l.id and a.is_active)`;
  assert.equal(wrong, 0, "every place counted is a machine's");
  console.log("Every place that is counted belongs to a machine.");
} finally {
  await stage.strike();
}
Deno.exit(0);

/** Runs two in turn and prints the medians and their ratio. */
async function compare(subject: Subject, yardstick: Subject, reach: number): Promise<void> {
  const rounds: [Figures, Figures][] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push([await subject.run(), await yardstick.run()]);
  const of = (pick: (pair: [Figures, Figures]) => number) => median(rounds.map(pick));
  const ratio = of(([a, b]) => a.requestsPerSecond / b.requestsPerSecond);
  const failed = rounds.reduce((sum, [a, b]) => sum + a.failed + b.failed, 0);
  console.log(
    `  ${subject.name.padEnd(24)} ${of(([a]) => a.requestsPerSecond).toFixed(0).padStart(6)}/s  ` +
      `p99 ${of(([a]) => a.p99).toFixed(1).padStart(5)} ms   against ${yardstick.name.padEnd(20)} ` +
      `${of(([, b]) => b.requestsPerSecond).toFixed(0).padStart(6)}/s   ` +
      `ratio ${ratio.toFixed(2)} (reach ${reach})${ratio < reach ? "  BELOW" : ""}${
        failed ? `  ${failed} FAILED` : ""
      }`,
  );
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function shuffle<T>(items: T[]): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  return shuffled;
}
