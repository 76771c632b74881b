// Leases and outages: a machine that could not reach the server keeps its slot for as long as it would have without the outage.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { endLeases } from "../../server/domain/activations/lapse.ts";
import { verifyLicense } from "../../server/domain/activations/verify.ts";
import type { Context } from "../../server/domain/context.ts";
import { explainValidation } from "../../server/domain/devices/explain.ts";
import { getDevice } from "../../server/domain/devices/list.ts";
import { deleteProcessClock, saveProcessClock } from "../../server/domain/monitoring/process_clocks.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const start = (await system.ctx()).now.getTime();
const processId = crypto.randomUUID();
let minute = 0;

/** The context of a time; minutes after the start of the test's. */
const at = (after: number) => system.ctx(new Date(start + (minute + after) * 60_000));

/** A server and a worker run from one time to another. */
async function run(from: number, until: number): Promise<void> {
  for (let now = from; now <= until; now = now === until ? until + 1 : Math.min(now + 4, until)) {
    const ctx = await at(now);
    const clock = { processId, kind: "server", machine: "a", differenceMs: 0, measuredAt: ctx.now } as const;
    await saveProcessClock(system.db, clock);
    await endLeases(ctx);
  }
}

/** The server stops; a worker may run for longer. */
const stop = () => deleteProcessClock(system.db, processId);

/** A license with a lease of an hour, and its machine, activated at the beginning of a timeline of its own. */
async function begin() {
  minute += 10_000;
  const ctx = await at(0);
  const license = await makeLicense(ctx, { machineLease: "PT60M" });
  const machine = { licenseKey: license.key, hardwareId: "a", machineName: null, appVersion: null };
  const { activation } = await activateLicense(ctx, machine);
  return {
    isActive: async () => (await getDevice(await at(0), activation.id)).isActive,
    leaseEnds: async () => {
      const { leaseEnds } = await getDevice(await at(0), activation.id);
      return leaseEnds && (leaseEnds.getTime() - ctx.now.getTime()) / 60_000;
    },
    /** What administrators are told of an instant, in minutes of the timeline. */
    isExplainedWith: async (end: number) => {
      const time = (await at(end)).now.toISOString().slice(0, 16).replace("T", " ");
      const { checks } = await explainValidation(await at(0), { licenseId: license.id, hardwareId: "a" });
      return checks.some(({ sentence }) => sentence.includes(`lapses at ${time} UTC`));
    },
    verify: async (ctx: Context) => (await verifyLicense(ctx, machine)).code,
  };
}

test("an outage longer than the lease lapses no machine that calls after it as often as before", async () => {
  const machine = await begin();
  await run(0, 20);
  await stop();
  await run(620, 650);
  assert.ok(await machine.isActive());
  assert.equal(await machine.leaseEnds(), 660);
  assert.equal(await machine.verify(await at(650)), "VALID");
  await system.settled();
  assert.equal(await machine.leaseEnds(), 710, "outages before it was heard of do not count");
  await run(650, 711);
  assert.ok(await machine.isActive());
  await run(712, 713);
  assert.ok(!await machine.isActive());
});

test("a machine that does not call after the outage lapses when the rest of its lease is over", async () => {
  const machine = await begin();
  await run(0, 40);
  await stop();
  await run(340, 361);
  assert.ok(await machine.isActive());
  await run(362, 363);
  assert.ok(!await machine.isActive());
});

test("a worker that runs without a server ends no lease, and does not when the server is back", async () => {
  const machine = await begin();
  await run(0, 20);
  await stop();
  for (let now = 20; now < 200; now += 20) assert.equal(await endLeases(await at(now)), 0);
  await run(200, 240);
  assert.ok(await machine.isActive());
  await run(243, 243);
  assert.ok(!await machine.isActive());
});

test("several outages add up, and a restart of a few minutes is none", async () => {
  const machine = await begin();
  await run(0, 10);
  await stop();
  await run(40, 50);
  await stop();
  await run(80, 90);
  await stop();
  await run(94, 121);
  assert.ok(await machine.isActive());
  assert.equal(await machine.leaseEnds(), 120);
  assert.ok(await machine.isExplainedWith(120));
  await run(122, 123);
  assert.ok(!await machine.isActive());
});

test("two workers note an outage once", async () => {
  const machine = await begin();
  await run(0, 10);
  await stop();
  await saveProcessClock(system.db, {
    processId,
    kind: "server",
    machine: "a",
    differenceMs: 0,
    measuredAt: (await at(300)).now,
  });
  const ctx = await at(300);
  await Promise.all(Array.from({ length: 8 }, () => endLeases(ctx)));
  assert.equal(await machine.leaseEnds(), 350);
});
