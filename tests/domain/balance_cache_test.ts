// The balances of meters that validations show: at most a second old, one read for all who wait, and with what this process
// counted meanwhile.
import assert from "node:assert/strict";
import type { Context } from "../../server/domain/context.ts";
import { createBalanceCache } from "../../server/domain/meters/balance_cache.ts";
import { adjustUsage } from "../../server/domain/meters/administer.ts";
import { commitReservation } from "../../server/domain/meters/end.ts";
import { incrementUsage, reserveUsage } from "../../server/domain/meters/take.ts";
import { getShownMeters } from "../../server/domain/meters/usage.ts";
import { times } from "../support/concurrency.ts";
import { meteredSystem, monthly, use } from "../support/meters.ts";
import { recordStatements } from "../support/statements.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { at, meteredLicense, sharing } = meteredSystem(system);

const shown = async (ctx: Context, id: number) => {
  const [{ used, reserved }] = await getShownMeters(ctx, id);
  return { used, reserved };
};

test("balances are read once a second, and what this process counts is in them at once", async () => {
  const balances = createBalanceCache();
  const server = async (seconds: number) => ({ ...await at(seconds), balances });
  const license = await meteredLicense({ exports: monthly(100) });
  assert.deepEqual(await shown(await server(0), license.id), { used: 0, reserved: 0 });
  await incrementUsage(await server(0.1), use(license, 3));
  const held = await reserveUsage(await server(0.2), { ...use(license, 4), ttl: 60 });
  const known = getShownMeters(await server(0.3), license.id);
  assert.ok(!(known instanceof Promise), "it is known");
  assert.deepEqual([known[0].used, known[0].reserved], [3, 4]);
  await commitReservation(await server(0.4), { reservationId: held.reservationId, amount: 1 });
  assert.deepEqual(await shown(await server(0.5), license.id), { used: 4, reserved: 0 });

  await incrementUsage(await at(0.6), use(license, 10));
  assert.deepEqual(await shown(await server(0.9), license.id), { used: 4, reserved: 0 }, "another server's");
  assert.deepEqual(await shown(await server(1), license.id), { used: 14, reserved: 0 });
  await adjustUsage(await server(1.1), { id: license.id, meter: "exports", used: 2, reason: "Failed" });
  assert.deepEqual(await shown(await server(1.2), license.id), { used: 2, reserved: 0 });
});

test("200 who validate 20 licenses at once share the reads", async () => {
  const licenses = await times(20, () => meteredLicense({ exports: monthly(100) }));
  const { db, sent } = recordStatements(system.db);
  const ctx = { ...sharing(await at(0)), db, balances: createBalanceCache() };
  await Promise.all(licenses.map((license, n) => incrementUsage(ctx, use(license, n + 1))));
  const before = sent().length;
  const all = await Promise.all(
    Array.from({ length: 200 }, async (_, n) => (await shown(ctx, licenses[n % 20].id)).used),
  );
  assert.deepEqual(all, Array.from({ length: 200 }, (_, n) => n % 20 + 1));
  assert.ok(sent().length - before <= 20, `${sent().length - before} statements`);
});

test("what is counted during a read is in what it finds", async () => {
  const balances = createBalanceCache();
  const license = await meteredLicense({ exports: monthly(100) });
  const now = await at(0);
  const before = await getShownMeters(now, license.id);
  let found = (_meters: typeof before) => {};
  const reading = balances.getOrRead(license.id, now.now, () => new Promise((resolve) => found = resolve));
  for (const amount of [2, 5]) await incrementUsage({ ...now, balances }, use(license, amount));
  found(before);
  assert.equal((await reading)[0].used, 7);
});

test("a failed read is not kept, and a new day is read again", async () => {
  const balances = createBalanceCache();
  const license = await meteredLicense({ exports: { limit: 5, period: "day", overage: 0 } });
  const lastMoment = await at("2026-03-10T23:59:59.900Z");
  await assert.rejects(async () =>
    await balances.getOrRead(license.id, lastMoment.now, () => Promise.reject(new Error("no database")))
  );
  await incrementUsage(lastMoment, use(license, 5));
  assert.deepEqual(await shown({ ...lastMoment, balances }, license.id), { used: 5, reserved: 0 });
  const firstMoment = { ...await at("2026-03-11T00:00:00.100Z"), balances };
  assert.deepEqual(await shown(firstMoment, license.id), { used: 0, reserved: 0 });
});

test("no more licenses are kept than there is room for", async () => {
  const balances = createBalanceCache(10);
  let reads = 0;
  const now = new Date();
  for (const round of [1, 2]) {
    for (let id = 0; id < 20; id++) {
      await balances.getOrRead(id, now, () => {
        reads++;
        return Promise.resolve([]);
      });
    }
    assert.equal(reads, round * 20);
  }
});
