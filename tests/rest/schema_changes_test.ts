// Expand and contract: a running server answers while the next version's schema is applied, stays ready on it and can
// be restarted on it; programs refuse a schema that lacks their migrations.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { connect } from "../../db/connect.ts";
import { migrate } from "../../db/migrate.ts";
import { findSchemaProblem } from "../../db/migration_state.ts";
import * as dialects from "../../server/dialects/all.ts";
import { loadDemoData } from "../../server/demo/demo_data.ts";
import { webhookFormatsOf } from "../../server/request/dialect_module.ts";
import { openLog } from "../../server/request/log.ts";
import { workerTiming } from "../../worker/timing.ts";
import { startWorker } from "../../worker/worker.ts";
import { cloneStores, createEmptyDatabase } from "../support/database.ts";
import { makeLicense } from "../support/fixtures.ts";
import { programWith } from "../support/migrations.ts";
import { testSecrets } from "../support/secrets.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { workerConfig } from "../support/worker.ts";

test("a server answers while the next schema waits for a long transaction, and stays ready on it", async () => {
  const server = await startTestServer();
  const license = await makeLicense(await server.ctx());
  const program = await programWith({
    "9001_expand.sql":
      "alter table licenses add column note text;\nalter table licenses add column region text default 'eu';\n",
  });
  const reader = await server.db.reserve();
  await reader.unsafe("begin; lock table licenses in access share mode");

  const attempts: string[] = [];
  const migrator = connect(server.databaseUrl, { max: 1, name: "tests" });
  const migration = migrate(migrator, {
    program,
    lockTimeout: 100,
    retryDelay: 50,
    onProgress: (line) => attempts.push(line),
  });
  let number = 0;
  const verify = async () => {
    const began = performance.now();
    // Negative results are not cached, so each verification of an unknown machine reads the table.
    const machine = { license_key: license.key, hardware_hash: `machine-${number++}` };
    const { status, body } = await server.post("/api/license/verify", machine);
    assert.deepEqual([status, body.valid], [200, false]);
    assert.ok(performance.now() - began < 2000, "an answer waited for the reader");
  };
  while (attempts.length < 3) await verify();
  await reader`rollback`;
  reader.release();
  assert.deepEqual(await migration, ["9001_expand.sql"]);
  await verify();

  const ready = await server.get("/health/ready");
  assert.deepEqual([ready.status, ready.body.migrations], [200, true]);
  const machine = { license_key: license.key, hardware_hash: "machine" };
  assert.equal((await server.post("/api/license/activate", machine)).status, 201);

  // An old server that is restarted on the newer schema.
  const restarted = await startTestServer({}, server);
  assert.equal((await restarted.get("/health/ready")).status, 200);
  assert.equal((await restarted.post("/api/license/verify", machine)).body.valid, true);
  await restarted.stop();

  await Promise.all([migrator.end(), server.stop()]);
});

test("transactions whose prepared statements a new column makes invalid are run again", async () => {
  const server = await startTestServer();
  const license = await makeLicense(await server.ctx(), { maxActivations: 1000 });
  let number = 0;
  /** Activates and deactivates machines in transactions, on several connections. */
  const useConnections = () =>
    Promise.all(Array.from({ length: 20 }, async () => {
      const machine = { license_key: license.key, hardware_hash: `machine-${number}` };
      const keys = [`first-${number}`, `again-${number}`].map((key) => ({ "idempotency-key": key }));
      number++;
      const statuses = [
        (await server.post("/api/license/activate", machine, keys[0])).status,
        (await server.post("/api/license/activate", machine, keys[1])).status,
        (await server.post("/api/license/deactivate", machine)).status,
      ];
      assert.deepEqual(statuses, [201, 200, 200]);
    }));
  await useConnections();
  for (const table of ["licenses", "activations", "idempotency_keys", "customers"]) {
    await server.db.unsafe(`alter table ${table} add column region text`);
  }
  await useConnections();
  const [{ count }] = await server.db<{ count: number }[]>`
    select count(*) as count
    from activations`;
  assert.equal(count, 40);
  await server.stop();
});

test("statements at once on one connection get their own rows when a new column makes them invalid", async () => {
  const { db, databaseUrl } = await cloneStores();
  const used = connect(databaseUrl, { max: 1, name: "tests" });
  await db`
    insert into settings (name, value)
    select 'setting ' || n, to_jsonb(n)
    from generate_series(1, 40) as n`;
  const readAll = () =>
    Promise.all(Array.from({ length: 40 }, async (_, index) => {
      const name = `setting ${index + 1}`;
      const [row] = index % 2 === 0
        ? await used<{ name: string; value: number }[]>`
          select *
          from settings
          where name = ${name}`
        : await used<{ name: string; value: number }[]>`
          update settings
          set updated_at = now()
          where name = ${name}
          returning *`;
      assert.deepEqual([row.name, row.value], [name, index + 1]);
    }));
  await readAll();
  await db`alter table settings add column region text default 'eu'`;
  await readAll();
  await readAll();
  await Promise.all([db.end(), used.end()]);
});

test("a program of the next version is not ready on this schema, and reports what to do", async () => {
  const server = await startTestServer();
  const program = await programWith({ "9001_expand.sql": "create table later (id bigint);\n" });
  assert.match(
    (await findSchemaProblem(server.db, program))!,
    /9001_expand\.sql.*deno task latchkey migrate/,
  );
  await server.db`
    delete from migrations
    where name = (select max(name) from migrations)`;
  const ready = await server.get("/health/ready");
  assert.deepEqual([ready.status, ready.body.migrations], [503, false]);
  assert.match(ready.body.checks.migrations.message, /\.sql\. Run: deno task latchkey migrate/);
  assert.equal("message" in ready.body.checks.database, false);
  await server.stop();
});

test("a running server and worker stop their work on a schema that requires a later version, and go on after it", async () => {
  const server = await startTestServer();
  let lines = "";
  const worker = await startWorker(
    workerConfig(server),
    openLog("info", (written) => lines += written),
    webhookFormatsOf(dialects),
    [],
    { ...workerTiming, healthCheckInterval: 20 },
  );
  await server.db`
    insert into migrations (name, hash, requires)
    values ('9001_contract.sql', '', '99.0.0')`;
  const sentence =
    "The database is too new for this program: migration 9001_contract.sql requires program 99.0.0";
  await eventually(() => Promise.resolve(lines.includes("no jobs are taken") && lines.includes(sentence)));
  const ready = await server.get("/health/ready");
  assert.equal(ready.status, 503);
  assert.ok(ready.body.checks.migrations.message.startsWith(sentence));

  const license = await makeLicense(await server.ctx());
  await server.db`
    delete from migrations
    where name = '9001_contract.sql'`;
  await eventually(() => Promise.resolve(lines.includes("jobs are taken again")));
  assert.equal((await server.get("/health/ready")).status, 200);
  await eventually(async () => {
    const [{ isRelayed }] = await server.db<{ isRelayed: boolean }[]>`
      select exists (
        select from events e
        join event_readers r on r.name = 'webhooks' and (r.transaction_id, r.event_id) >= (e.transaction_id, e.id)
        where e.type = 'license.created' and e.license_id = ${license.id}
      ) as is_relayed`;
    return isRelayed;
  }, 20_000);
  await worker.stop();
  await server.stop();
});

/** Runs a program with its permissions, as its task does, until it exits. */
async function runProgram(
  program: "server" | "worker",
  databaseUrl: string,
): Promise<{ code: number; output: string }> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      `--permission-set=${program}`,
      "--no-prompt",
      "--quiet",
      "--no-check",
      `${program}/main.ts`,
    ],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: {
      DATABASE_URL: databaseUrl,
      REDIS_URL: "redis://127.0.0.1:1",
      ...testSecrets,
      PORT: "0",
    },
    stderr: "piped",
    stdout: "null",
  }).output();
  return { code, output: new TextDecoder().decode(stderr) };
}

for (const program of ["server", "worker"] as const) {
  test(`the ${program} refuses a database without its migrations, or with demo data`, async () => {
    const empty = await createEmptyDatabase();
    const unmigrated = await runProgram(program, empty.databaseUrl);
    assert.equal(unmigrated.code, 1);
    assert.match(unmigrated.output, /deno task latchkey migrate/);
    await empty.db.end();

    const server = await startTestServer();
    await loadDemoData(await server.ctx());
    const withDemoData = await runProgram(program, server.databaseUrl);
    assert.equal(withDemoData.code, 1);
    assert.match(withDemoData.output, /demo data/);
    await server.stop();
  });
}

test("an unreachable database is reported as such", async () => {
  const { code, output } = await runProgram("worker", "postgres://latchkey@127.0.0.1:1/latchkey");
  assert.equal(code, 1);
  assert.match(output, /cannot be reached/);
});
