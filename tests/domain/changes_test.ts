// What the change listener hears: every committed change once, whether notifications arrive or not, across lost connections
// and beside long transactions; and when it says that anything may have changed.
import assert from "node:assert/strict";
import { type ChangePosition, pruneChanges, readChanges, selectChanges } from "../../db/changes.ts";
import { startChangeListener } from "../../db/change_listener.ts";
import { Connection } from "../../db/connection.ts";
import type { Db } from "../../db/connect.ts";
import { Statement } from "../../db/statement.ts";
import { timeLimits } from "../../db/time_limits.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { cloneStores } from "../support/database.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startNetwork } from "../support/network.ts";
import fc from "../support/property.ts";
import { eventually, test } from "../support/test.ts";

const { db, databaseUrl } = await cloneStores();

/** Changes a setting, which is recorded as "setting:name". */
async function change(sql: Db, name: string): Promise<void> {
  await sql`
    insert into settings (name, value)
    values (${name}, '1')
    on conflict (name) do update set value = excluded.value`;
}

/** A listener on a network of its own that notes what it hears. */
async function listen() {
  const network = await startNetwork(databaseUrl);
  const heard: string[] = [];
  const notified: string[] = [];
  let gaps = 0;
  const listener = startChangeListener(network.url, {
    onChange: (tag) => heard.push(tag),
    onGap: () => gaps++,
    onNotification: (payload) => notified.push(payload),
  });
  await eventually(() => Promise.resolve(listener.isFresh()));
  return {
    ...network,
    heard,
    notified,
    gaps: () => gaps,
    isFresh: listener.isFresh,
    hears: (name: string) => eventually(() => Promise.resolve(heard.includes(`setting:${name}`))),
    async stop() {
      await listener.close();
      network.close();
    },
  };
}

/** Makes the next deletion go as far as it ever may. */
async function pruneAll(): Promise<void> {
  for (let run = 0; run < 2; run++) {
    await db`update change_history set noted_at = now() - interval '2 minutes'`;
    await pruneChanges({ db });
  }
}

test("a notification makes the listener read at once, and other notifications are passed on", async () => {
  const listener = await listen();
  await change(db, "notified");
  await listener.hears("notified");
  await db`select pg_notify('changes', 'events')`;
  await eventually(() => Promise.resolve(listener.notified.includes("events")));
  assert.deepEqual(listener.notified, ["events"]);
  await listener.stop();
});

test("a deactivation, which apps cause, does not notify and is heard", async () => {
  const { id } = await makeLicense(
    await systemContext(db, "tests", new Date(), createCipher("x".repeat(32))),
  );
  const notified: string[] = [];
  const connection = await Connection.open(databaseUrl, {
    name: "tests",
    limits: timeLimits.start,
    onNotify: (payload) => notified.push(payload),
  });
  const limited = (query: ConstructorParameters<typeof Statement>[0]) =>
    new Statement(query, timeLimits.start, null);
  await connection.query((sql) => sql`listen changes`, limited);
  const listener = await listen();
  await db`
    insert into activations (license_id, hardware_id, activated_at, last_heartbeat)
    values (${id}, 'machine', now(), now())`;
  await db`
    update activations
    set is_active = false, deactivated_at = now()
    where license_id = ${id}`;
  await db`select pg_notify('changes', 'mark')`;
  await eventually(() => Promise.resolve(listener.heard.includes(`license:${id}`)));
  await eventually(() => Promise.resolve(notified.includes("mark")));
  assert.deepEqual(notified, ["mark"]);
  await listener.stop();
  await connection.close();
});

test("without notifications every change is heard", async () => {
  const [{ definition }] = await db<{ definition: string }[]>`
    select pg_get_functiondef('notify_change'::regproc) as definition`;
  await db.unsafe(definition.replace(/perform pg_notify.*;/, ""));
  const listener = await listen();
  for (let number = 0; number < 3; number++) {
    await change(db, `silent ${number}`);
    await listener.hears(`silent ${number}`);
  }
  assert.deepEqual(listener.heard, ["setting:silent 0", "setting:silent 1", "setting:silent 2"]);
  await listener.stop();
  await db.unsafe(definition);
});

test("a listener that lost its connection is stale until it has another, and then hears what it missed", async () => {
  const listener = await listen();
  const gaps = listener.gaps();
  for (const fault of ["cut", "hang"] as const) {
    listener[fault]();
    await eventually(() => Promise.resolve(!listener.isFresh()));
    await change(db, `during ${fault}`);
    listener.restore();
    await listener.hears(`during ${fault}`);
    await eventually(() => Promise.resolve(listener.isFresh()));
    await change(db, `after ${fault}`);
    await listener.hears(`after ${fault}`);
  }
  assert.equal(listener.gaps(), gaps, "what is cached stays");
  await listener.stop();
});

test("a long transaction delays no change, and its own is heard when it commits, however late", async () => {
  const listener = await listen();
  await db.begin(async (long) => {
    await change(long, "long");
    await db.begin(async (other) => {
      await change(other, "short");
    });
    await listener.hears("short");
    await pruneAll();
    await change(db, "after the deletion");
    await listener.hears("after the deletion");
    assert.ok(!listener.heard.includes("setting:long"));
  });
  await listener.hears("long");
  await pruneAll();
  await listener.stop();
});

test("changes of interleaved transactions are heard once, those of undone ones never", async () => {
  const listeners = [await listen(), await listen()];
  const [open, steps] = [8, 120];
  let number = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(open - 1), fc.boolean()), { minLength: steps, maxLength: steps }),
      async (turns) => {
        const prefix = `run ${++number}.`;
        const connections = await Promise.all(Array.from({ length: open }, () => db.reserve()));
        const pending = connections.map(() => [] as string[]);
        const isOpen = connections.map(() => false);
        const committed: string[] = [];
        const end = async (at: number, isKept: boolean) => {
          await connections[at].unsafe(isKept ? "commit" : "rollback");
          if (isKept) committed.push(...pending[at]);
          pending[at] = [];
          isOpen[at] = false;
        };
        for (const [step, [at, isKept]] of turns.entries()) {
          if (!isOpen[at]) {
            await connections[at].unsafe("begin");
            isOpen[at] = true;
          } else if (pending[at].length > 1) {
            await end(at, isKept);
            continue;
          }
          await change(connections[at], `${prefix}${step}`);
          pending[at].push(`setting:${prefix}${step}`);
        }
        for (const at of connections.keys()) if (isOpen[at]) await end(at, at % 2 === 0);
        connections.forEach((connection) => connection.release());
        await change(db, `${prefix}end`);
        for (const { heard, hears } of listeners) {
          await hears(`${prefix}end`);
          const ours = heard.filter((tag) => tag.startsWith(`setting:${prefix}`));
          assert.deepEqual(ours.sort(), [...committed, `setting:${prefix}end`].sort());
        }
      },
    ),
    { numRuns: 5 },
  );
  for (const { stop } of listeners) await stop();
});

test("a listener says that anything may have changed when it cannot know", async () => {
  const listener = await listen();
  let gaps = listener.gaps();
  const isTold = async (why: string) => {
    await eventually(() => Promise.resolve(listener.gaps() > gaps)).catch(() => assert.fail(why));
    gaps = listener.gaps();
    await change(db, why);
    await listener.hears(why);
    assert.equal(listener.gaps(), gaps, why);
  };
  await db`truncate changes, change_history`;
  await isTold("after a crash of PostgreSQL, which empties unlogged tables");
  listener.cut();
  await eventually(() => Promise.resolve(!listener.isFresh()));
  await change(db, "missed");
  // Transactions in other databases of the cluster hold deletions up, as copies of a database do for seconds.
  await eventually(async () => {
    await pruneAll();
    const [missed] = await db`select from changes where tag = 'setting:missed'`;
    return !missed;
  }, 120_000);
  listener.restore();
  await isTold("when changes it has not read were deleted");
  await db`
    insert into changes (tag)
    select 'license:' || number
    from generate_series(1, 10001) as number`;
  await isTold("when there are too many changes");
  await listener.stop();
});

test("a position of another database is none", async () => {
  const read = async (from: ChangePosition | null) => readChanges(await selectChanges(db, from))!;
  const { position, tags } = await read(null);
  assert.equal(tags, null);
  assert.deepEqual((await read(position)).tags, []);
  assert.equal((await read({ ...position, history: crypto.randomUUID() })).tags, null);
  assert.equal((await read({ ...position, snapshot: "900000000000:900000000000:" })).tags, null);
  await db`
    insert into changes (transaction_id, tag)
    values ('900000000000', 'license:1')`;
  assert.deepEqual((await read(position)).tags, [], "of a copy of another cluster's table");
  await pruneAll();
  assert.deepEqual([...await db`select from changes where transaction_id >= '900000000000'`], []);
});

test("the database closes", () => db.end());
