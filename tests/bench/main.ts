// `deno task bench`: requests per second of the server and of a baseline, measured alternately so that other load
// affects both. Ratios count; absolute figures depend on the machine. `deno task bench 2` runs rounds of 2 seconds.
import assert from "node:assert/strict";
import { cpus } from "node:os";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { freePort } from "../../db/embedded/free_port.ts";
import { loadGenerator, type LoadResult, sendLoad } from "./load_generator.ts";
import { loadLicenses } from "./sample_licenses.ts";
import { testSecrets } from "../support/secrets.ts";
import { raisedLimits, type RunningProgram, startEnvironment } from "./bench_environment.ts";

const SECONDS = Number(Deno.args[0] ?? 5);
const ROUNDS = 3;
const CONNECTIONS = 32;
const LICENSES = 100_000;

interface Subject {
  name: string;
  run(seconds?: number): Promise<LoadResult>;
}

const environment = await startEnvironment();
try {
  console.log(
    `${cpus().length} cores, ${
      cpus()[0].model
    }; Deno ${Deno.version.deno}; load from ${await loadGenerator()}`,
  );
  console.log(`${ROUNDS} rounds of ${SECONDS} s, ${CONNECTIONS} connections, ${LICENSES} licenses\n`);
  const { keys, hardwareOf } = await loadLicenses(environment.db, LICENSES, 1, 1_000_000);
  const ctx = await systemContext(
    environment.db,
    "bench",
    new Date(),
    createCipher(testSecrets.ENCRYPTION_KEY),
  );
  const { key: apiKey } = await createApiKey(ctx, { name: "bench", productId: null });
  const headers = { "X-API-Key": apiKey };

  for (const listener of ["node", "deno"]) {
    const server = await environment.startServer({ LISTENER: listener, ...raisedLimits });
    const port = freePort();
    const baseline = await environment.start("tests/bench/baseline.ts", [
      listener,
      String(port),
      environment.databaseUrl,
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
    const against = (
      program: RunningProgram,
      path: string,
      bodies: string[] | (() => string[]),
    ): Subject => ({
      name: path,
      run: (seconds = SECONDS) =>
        sendLoad({
          url: program.url + path,
          headers,
          requests: (typeof bodies === "function" ? bodies() : bodies).map((body) => ({ body })),
          connections: CONNECTIONS,
          seconds,
        }),
    });
    const verify = against(server, "/api/license/verify", known);
    const heartbeat = against(server, "/api/license/heartbeat", known);
    const activate = against(server, "/api/license/activate", fresh);
    const constant = against(baseline, "/constant", known);
    const select = against(baseline, "/select", ids);
    const insert = against(baseline, "/insert", ids);

    console.log(`${listener} listener`);
    // Warms the caches up.
    await verify.run(10);
    await compare(verify, constant, 0.5);
    await compare(verify, select, 2);
    await compare(heartbeat, verify, 0.8);
    await compare(activate, insert, 0.5);
    console.log(`  memory of the server process: ${Math.round(await server.memory() / 2 ** 20)} MB\n`);
    await baseline.stop();
    await server.stop();
  }
  const [{ wrong }] = await environment.db<{ wrong: number }[]>`
    select count(*) as wrong
    from licenses l
    where activations_in_use <> (select count(*) from activations a where a.license_id = l.id and a.is_active)`;
  assert.equal(wrong, 0, "activation counts match the activations");
  console.log("Activation counts match the activations.");
} finally {
  await environment.stop();
}
Deno.exit(0);

/** Runs both in turn and prints the medians and their ratio. */
async function compare(subject: Subject, baseline: Subject, goal: number): Promise<void> {
  const rounds: [LoadResult, LoadResult][] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push([await subject.run(), await baseline.run()]);
  const of = (pick: (pair: [LoadResult, LoadResult]) => number) => median(rounds.map(pick));
  const ratio = of(([a, b]) => a.requestsPerSecond / b.requestsPerSecond);
  const failed = rounds.reduce((sum, [a, b]) => sum + a.failed + b.failed, 0);
  console.log(
    `  ${subject.name.padEnd(24)} ${of(([a]) => a.requestsPerSecond).toFixed(0).padStart(6)}/s  ` +
      `p99 ${of(([a]) => a.p99).toFixed(1).padStart(5)} ms   against ${baseline.name.padEnd(20)} ` +
      `${of(([, b]) => b.requestsPerSecond).toFixed(0).padStart(6)}/s   ` +
      `ratio ${ratio.toFixed(2)} (goal ${goal})${ratio < goal ? "  BELOW" : ""}${
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
