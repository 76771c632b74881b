// Work that requests share: who waits for it, for how long, and whose errors are whose.
import assert from "node:assert/strict";
import { connect, isUnavailable } from "../../db/connect.ts";
import { ConnectionError } from "../../db/connection_error.ts";
import { TimeBudget } from "../../db/deadlines.ts";
import { withBudget } from "../../db/handles.ts";
import { requestLimits } from "../../db/time_limits.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { deactivateMachine } from "../../server/domain/activations/deactivate.ts";
import { activateMachines } from "../../server/domain/activations/activation_batch.ts";
import { licenseRequest } from "../../server/domain/activations/machine_requests.ts";
import { dayOf } from "../../server/domain/calendar.ts";
import type { Context } from "../../server/domain/context.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { endSeat } from "../../server/domain/seats/end.ts";
import { renewSeat } from "../../server/domain/seats/renew.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { runShared } from "../../server/domain/shared_work.ts";
import { createBatches } from "../../server/request/batches.ts";
import { openLog } from "../../server/request/log.ts";
import { makeLicense } from "../support/fixtures.ts";
import { recordStatements } from "../support/statements.ts";
import { createTestSystem } from "../support/system.ts";
import { eventually, test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const plain = await system.ctx();
let logged = "";
const log = openLog("debug", (written) => logged += written);
const batches = createBatches(db, log);
/** The context of a request that shares work. */
const sharing = (ctx: Context, milliseconds = 20_000): Context => ({
  ...ctx,
  db: withBudget(db, new TimeBudget(milliseconds)),
  batches,
});

const machine = (license: LicenseRow, hardwareId: string) => ({
  licenseKey: license.key,
  hardwareId,
  machineName: null,
  appVersion: null,
});

/** Keeps the batch of activations busy until the returned function is called, so that what follows is one batch. */
async function occupy(): Promise<() => Promise<void>> {
  const busy = await makeLicense(plain);
  const locker = await db.reserve();
  await locker`begin`;
  await locker`lock table events in access exclusive mode`;
  const first = activateLicense(sharing(plain), machine(busy, "first"));
  return async () => {
    await locker`rollback`;
    locker.release();
    await first;
  };
}

test("who activates a license that is locked waits; the others of the batch do not", async () => {
  const [locked, free] = [await makeLicense(plain), await makeLicense(plain)];
  const release = await occupy();
  const locker = await db.reserve();
  await locker`begin`;
  await locker`
    select 1
    from licenses
    where id = ${locked.id}
    for update`;
  let isDone = false;
  const late = activateLicense(sharing(plain), machine(locked, "late")).finally(() => isDone = true);
  const others = [1, 2, 3].map((n) => activateLicense(sharing(plain), machine(free, `free-${n}`)));
  await release();
  for (const { isNew } of await Promise.all(others)) assert.ok(isNew);
  assert.ok(!isDone);
  await locker`rollback`;
  locker.release();
  assert.ok((await late).isNew);
});

test("an error of one request is not an error of the others, which are activated all the same", async () => {
  const license = await makeLicense(plain);
  const release = await occupy();
  const wrong = activateLicense(sharing(plain), machine(license, "long ".repeat(60)));
  const others = [1, 2, 3].map((n) => activateLicense(sharing(plain), machine(license, `good-${n}`)));
  await release();
  await assert.rejects(wrong, /activations_hardware_id_length/);
  for (const { isNew } of await Promise.all(others)) assert.ok(isNew);
  const [{ inUse }] = await db<{ inUse: number }[]>`
    select activations_in_use as in_use
    from licenses
    where id = ${license.id}`;
  assert.equal(inUse, 3);
  log.flush();
  assert.match(logged, /a shared statement failed/);
});

test("a request waits for a batch as long as it may wait for the database, and is then left out of it", async () => {
  const license = await makeLicense(plain);
  const release = await occupy();
  const impatient = activateLicense(sharing(plain, 1), machine(license, "impatient"));
  const patient = activateLicense(sharing(plain), machine(license, "patient"));
  await assert.rejects(
    impatient,
    (error) => error instanceof ConnectionError && error.code === "POOL_TIMEOUT",
  );
  await release();
  assert.ok((await patient).isNew);
  const rows = await db`
    select hardware_id
    from activations
    where license_id = ${license.id}`;
  assert.deepEqual(rows.map(({ hardwareId }) => hardwareId), ["patient"]);
});

test("work of which it is unknown whether it took effect is not done again", async () => {
  const license = await makeLicense(plain);
  let runs = 0;
  /** The machines are activated, and the answer is lost. */
  const lost: typeof activateMachines = async (...args) => {
    runs++;
    await activateMachines(...args);
    throw new ConnectionError("CONNECTION_CLOSED");
  };
  const request = {
    ...licenseRequest(plain, { licenseId: license.id, keyDigests: [] }),
    ...machine(license, "lost"),
    day: dayOf(plain.now),
    metadata: null,
    isVersionEntitled: false,
    admits: "any" as const,
  };
  const calls = [1, 2, 3].map(() => runShared(sharing(plain), lost, request, () => assert.fail("explained")));
  for (const { status } of await Promise.allSettled(calls)) assert.equal(status, "rejected");
  await assert.rejects(calls[0], (error) => isUnavailable(error));
  assert.equal(runs, 2, "the first one's, and that of the others");
});

test("while a table is locked, those who wait are answered together, and nothing is activated later", async () => {
  const license = await makeLicense(plain);
  const pool = connect(system.databaseUrl, { max: 2, name: "tests", limits: requestLimits(200) });
  const short = createBatches(pool, log);
  const locker = await db.reserve();
  await locker`begin`;
  await locker`lock table events in access exclusive mode`;
  const calls = [1, 2, 3].map((n) =>
    activateLicense({ ...plain, batches: short }, machine(license, `locked-${n}`))
  );
  for (const outcome of await Promise.allSettled(calls)) {
    assert.ok(outcome.status === "rejected" && isUnavailable(outcome.reason), JSON.stringify(outcome));
  }
  // On a busy machine PostgreSQL ends a statement later than its caller gives up.
  await eventually(async () => {
    const [{ waiting }] = await db<{ waiting: number }[]>`
      select count(*) as waiting
      from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    return waiting === 0;
  });
  await locker`rollback`;
  locker.release();
  await short.drain();
  await pool.end();
  const rows = await db`
    select id
    from activations
    where license_id = ${license.id}`;
  assert.equal(rows.length, 0);
});

test("no more than a thousand wait for a batch", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => release = resolve);
  const slow = async (_: unknown, items: number[]) => (await released, items);
  const calls = Array.from({ length: 1002 }, (_, n) => batches.add(db, slow, n));
  await assert.rejects(
    calls.pop()!,
    (error) => error instanceof ConnectionError && error.code === "POOL_FULL",
  );
  release();
  assert.deepEqual(await Promise.all(calls), calls.map((_, n) => n));
});

test("a hundred calls that arrive together are a few statements", async () => {
  const license = await makeLicense(plain, { maxActivations: 100, maxUsers: 100 });
  const { db: recorded, sent } = recordStatements(db);
  const ctx = { ...plain, db: recorded, batches: createBatches(recorded, log) };
  let before = 0;
  /** Makes the calls, of which the first is alone; returns their results and the number of statements they sent. */
  const together = async <T>(
    call: (n: number) => Promise<T>,
  ): Promise<[results: T[], statements: number]> => {
    const results = await Promise.all(Array.from({ length: 100 }, (_, n) => call(n)));
    const count = sent().length - before;
    before += count;
    return [results, count];
  };
  const counts: Record<string, number> = {};
  [, counts.activate] = await together((n) => activateLicense(ctx, machine(license, `many-${n}`)));
  const [seats, starts] = await together((n) => startSeat(ctx, machine(license, `many-${n}`)));
  [, counts.renew] = await together((n) => renewSeat(ctx, seats[n].id));
  [, counts.end] = await together((n) => endSeat(ctx, seats[n].id));
  [, counts.deactivate] = await together((n) => deactivateMachine(ctx, machine(license, `many-${n}`)));
  assert.deepEqual({ start: starts, ...counts }, { activate: 2, start: 4, renew: 2, end: 2, deactivate: 4 });
});

test("shared statements are planned once, for any number of requests", async () => {
  const license = await makeLicense(plain, { maxActivations: 100 });
  const pool = connect(system.databaseUrl, { max: 1, name: "tests", planOnce: true });
  const planned = { ...plain, batches: createBatches(pool, log) };
  for (let n = 0; n < 3; n++) await activateLicense(planned, machine(license, `planned-${n}`));
  const plans = await pool<{ custom: number; generic: number }[]>`
    select custom_plans as custom, generic_plans as generic
    from pg_prepared_statements
    where statement like '%insert into activations%' and statement not like '%pg_prepared_statements%'`;
  assert.deepEqual([...plans], [{ custom: 0, generic: 3 }]);
  await pool.end();
});

test("in a transaction an activation is part of it", async () => {
  const license = await makeLicense(plain);
  await assert.rejects(
    db.begin(async (tx) => {
      await activateLicense({ ...sharing(plain), db: tx }, machine(license, "undone"));
      throw new Error("undo");
    }),
    /undo/,
  );
  const rows = await db`
    select id
    from activations
    where license_id = ${license.id}`;
  assert.equal(rows.length, 0);
});

test("the batches end and the database connections close", async () => {
  await batches.drain();
  await db.end();
});
