// The database is killed under a running server: calls answer 503 immediately, no acknowledged write is lost, and the
// server recovers automatically. A worker beside it logs the outage once.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "../../db/connect.ts";
import { startPostgres } from "../../db/embedded/postgres.ts";
import { migrate } from "../../db/migrate.ts";
import { cloneStores } from "../support/database.ts";
import { makeLicense } from "../support/fixtures.ts";
import { openLog } from "../../server/request/log.ts";
import { startTestServer } from "../support/server.ts";
import { startTestWorker } from "../support/worker.ts";
import { eventually, test } from "../support/test.ts";

test("PostgreSQL killed under load: 503 with Retry-After, recovery within 5 s, no acknowledged write lost", async () => {
  const folder = await Deno.makeTempDir({ prefix: "latchkey-test-" });
  await Deno.chmod(folder, 0o755);
  // Durable commits, unlike in other tests, because durability is tested.
  const first = await startPostgres({ dir: folder });
  const db = connect(first.url, { max: 3, name: "tests" });
  await migrate(db);
  const { redisUrl } = await cloneStores();
  const server = await startTestServer({}, { db, databaseUrl: first.url, redisUrl });
  const license = await makeLicense(await server.ctx(), { maxActivations: 1_000_000 });
  const machine = { license_key: license.key, hardware_hash: "machine" };
  await server.post("/api/license/activate", machine);
  const [{ folder: data }] = await db<
    { folder: string }[]
  >`select current_setting('data_directory') as folder`;
  const pid = Number((await readFile(join(data, "postmaster.pid"), "utf8")).split("\n")[0]);

  const acknowledged: string[] = [];
  let storming = true;
  let number = 0;
  const writers = Array.from({ length: 16 }, async () => {
    while (storming) {
      const hardware = `writer-${number++}`;
      const { status } = await server.post("/api/license/activate", {
        license_key: license.key,
        hardware_hash: hardware,
      });
      assert.ok(status === 201 || status === 503, `answered ${status}`);
      if (status === 201) acknowledged.push(hardware);
    }
  });
  await eventually(() => Promise.resolve(acknowledged.length > 50));
  const { checks } = (await server.get("/health/ready")).body;
  assert.deepEqual([checks.database.ok, checks.database.required], [true, true]);
  assert.match(checks.worker.message, /deno task worker/);
  const lines: { level: string; message: string; stack?: string; seconds?: number; error?: string }[] = [];
  const write = (text: string) => lines.push(...text.trim().split("\n").map((line) => JSON.parse(line)));
  const log = openLog("warn", write);
  const worker = await startTestWorker({ db, databaseUrl: first.url, redisUrl }, {}, [], { log });
  process.kill(pid, "SIGKILL");

  await eventually(async () => {
    const reply = await server.post("/api/license/verify", machine);
    if (reply.status === 200) return false;
    assert.equal(reply.status, 503);
    assert.equal(reply.body.error.code, "UNAVAILABLE");
    return Number(reply.headers.get("retry-after")) >= 1;
  });
  assert.equal((await server.get("/health")).status, 200);
  assert.equal((await server.get("/openapi.json")).status, 200);
  const ready = await server.get("/health/ready");
  assert.deepEqual([ready.status, ready.body.database, ready.body.redis], [503, false, true]);
  assert.match(ready.body.checks.database.message, /PostgreSQL does not respond/);
  assert.ok(ready.body.checks.database.since >= checks.database.since);
  assert.equal(ready.body.checks.redis.since, checks.redis.since);
  const later = await server.get("/health/ready");
  assert.equal(later.body.checks.database.since, ready.body.checks.database.since);

  await first.stop().catch(() => {});
  const logged = async () => {
    await log.flush();
    return lines.filter(({ message }) => message.startsWith("database"));
  };
  // A statement that finds the database again within its time limit has seen no outage.
  await eventually(async () => (await logged()).length === 1, 15_000);
  const second = await startPostgres({ dir: folder, port: first.port });
  await eventually(async () => (await server.post("/api/license/verify", machine)).body.valid === true, 5000);
  await eventually(async () => (await server.get("/health/ready")).status === 200, 5000);
  storming = false;
  await Promise.all(writers);
  const stored = await db<{ hardwareId: string }[]>`
    select hardware_id
    from activations
    where hardware_id = any(${acknowledged})`;
  assert.equal(stored.length, acknowledged.length);
  const outage = await eventually(async () => {
    const about = await logged();
    return about.length >= 2 && about;
  });
  assert.deepEqual(outage.map(({ level, message }) => [level, message]), [
    ["warn", "database unavailable: jobs wait"],
    ["warn", "database available again"],
  ]);
  assert.ok(outage[0].error && outage[1].seconds! > 0);
  assert.deepEqual(lines.filter(({ level, stack }) => level === "error" || stack), []);
  await worker.stop();
  await server.stop();
  await db.end();
  await second.stop();
  await Deno.remove(folder, { recursive: true });
});
