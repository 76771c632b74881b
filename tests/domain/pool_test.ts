// The pool of database connections: deadlines, connections that are lost, in an odd state or cannot be made, and a database
// that accepts no writes.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { connect, type Db, isUnavailable, poolUsageOf, transaction } from "../../db/connect.ts";
import { ConnectionError, type ConnectionErrorCode } from "../../db/connection_error.ts";
import { TimeBudget, unwatch, watch } from "../../db/deadlines.ts";
import { poolOf, withBudget } from "../../db/handles.ts";
import { type TimeLimits, timeLimits } from "../../db/time_limits.ts";
import { cloneStores } from "../support/database.ts";
import { startNetwork } from "../support/network.ts";
import { eventually, test } from "../support/test.ts";

const { db, databaseUrl } = await cloneStores();
await db`create table written (id bigint primary key)`;

/** A pool with one connection. */
const single = (limits: Partial<TimeLimits> = {}) =>
  connect(databaseUrl, { max: 1, name: "pool test", limits: { ...timeLimits.start, ...limits } });

const failsWith = (code: ConnectionErrorCode) => (error: unknown) =>
  error instanceof ConnectionError && error.code === code;

async function writtenIds(): Promise<number[]> {
  return (await db<{ id: number }[]>`
    select id
    from written
    order by id`).map(({ id }) => id);
}

async function backendOf(sql: Db): Promise<number> {
  const [{ pid }] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return pid;
}

test("a database that accepts no writes is unavailable, and its connection is replaced", async () => {
  const pool = single();
  const before = await backendOf(pool);
  await assert.rejects(
    pool.begin("read only", (tx) => tx`insert into written (id) values (1)`),
    isUnavailable,
  );
  assert.notEqual(
    await backendOf(pool),
    before,
    "after a failover, the next connection may find the primary",
  );
  await pool`set default_transaction_read_only = on`;
  await assert.rejects(async () => await pool`insert into written (id) values (1)`, isUnavailable);
  await pool`insert into written (id) values (1)`;
  assert.deepEqual(await writtenIds(), [1]);
  await pool.end();
});

test("a transaction that PostgreSQL ended because it was idle, or took too long, is unavailable", async () => {
  const pool = single();
  for (const setting of ["idle_in_transaction_session_timeout", "transaction_timeout"]) {
    const failure = pool.begin(async (tx) => {
      await tx.unsafe(`set local ${setting} = 20`);
      const pid = await backendOf(tx);
      await eventually(async () =>
        (await db`select 1 from pg_stat_activity where pid = ${pid}`).length === 0
      );
      await tx`select 1`;
    });
    await assert.rejects(failure, isUnavailable, setting);
    await pool`select 1`;
  }
  await pool.end();
});

test("a transaction whose request has no time left commits nothing, and its connection is clean", async () => {
  const pool = single();
  const budget = new TimeBudget(60_000);
  const request = withBudget(pool, budget);
  await assert.rejects(
    transaction(request, async (tx) => {
      await tx`insert into written (id) values (2)`;
      budget.begin(performance.now() - 60_000);
    }),
    failsWith("POOL_TIMEOUT"),
  );
  await assert.rejects(async () => await request`select 1`, failsWith("POOL_TIMEOUT"));
  assert.ok(!(await writtenIds()).includes(2));
  await pool`insert into written (id) values (3)`;
  assert.ok((await writtenIds()).includes(3), "it is in no transaction any more");
  await pool.end();
});

test("a connection whose answer is late is not used before the answer, and no statement gets the answer of another", async () => {
  const pool = single({ statement: 0, answer: 60_000 });
  const pid = await backendOf(pool);
  const slow = withBudget(pool, new TimeBudget(1));
  await assert.rejects(
    async () => await slow`select pg_sleep(0.3), 'late' as value`,
    failsWith("ANSWER_TIMEOUT"),
  );
  assert.equal(poolUsageOf(pool).busy, 1);
  const [next] = await pool<
    { value: string; pid: number }[]
  >`select 'next' as value, pg_backend_pid() as pid`;
  assert.deepEqual(next, { value: "next", pid });
  const late = transaction(slow, (tx) => tx`select 1`);
  await assert.rejects(late, failsWith("POOL_TIMEOUT"));
  await assert.rejects(
    transaction(withBudget(pool, new TimeBudget(100)), async (tx) => {
      await tx`insert into written (id) values (4)`;
      await tx`select pg_sleep(0.2)`;
    }),
    isUnavailable,
  );
  assert.equal(await backendOf(pool), pid);
  assert.ok(!(await writtenIds()).includes(4));
  await pool.end();
});

test("an old connection that is returned is replaced for those who wait for it", async () => {
  const pool = single({ answer: 2000 });
  const connection = await poolOf(pool).acquire(null);
  const waiting = pool<{ value: number }[]>`select 1 as value`.then(([{ value }]) => value);
  Object.assign(connection, { openedAt: -Infinity });
  await eventually(() => Promise.resolve(poolUsageOf(pool).waiting === 1));
  poolOf(pool).release(connection);
  assert.equal(await waiting, 1);
  await pool.end();
});

test("connections that cannot be made do not count against the pool, and statements are prepared again on new ones", async () => {
  const network = await startNetwork(databaseUrl);
  const pool = connect(network.url, { max: 3, name: "pool test", limits: timeLimits.start });
  const read = (value: number) =>
    pool<{ value: number }[]>`select ${value}::int as value`.then(([row]) => row.value);
  for (let round = 0; round < 3; round++) {
    assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map(read)), [1, 2, 3, 4, 5]);
    network.cut();
    await eventually(() => Promise.resolve(poolUsageOf(pool).idle === 3));
    for (let attempt = 0; attempt < 3; attempt++) {
      const failed = await Promise.allSettled([1, 2, 3, 4, 5].map(read));
      assert.ok(failed.every((outcome) => outcome.status === "rejected" && isUnavailable(outcome.reason)));
    }
    assert.deepEqual({ ...poolUsageOf(pool) }, { busy: 0, idle: 3, waiting: 0 });
    network.restore();
  }
  assert.equal(await read(6), 6);
  assert.ok(network.refused() <= 3 * 3 * 3, `${network.refused()} connections for 9 failed attempts`);
  await pool.end();
  network.close();
});

test("deadlines pass also in a process that is always late", async () => {
  let isExpired = false;
  const timed = { deadline: performance.now() + 10, expire: () => void (isExpired = true) };
  watch(timed);
  for (let turn = 0; turn < 6 && !isExpired; turn++) {
    for (const until = performance.now() + 210; performance.now() < until;);
    await delay(0);
  }
  unwatch(timed);
  assert.ok(isExpired);
});

test("the pools close", () => db.end());
