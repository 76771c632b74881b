// The explanation of sessions and metered use: what is said is what the calls of the app answer, and each remedy that is a change
// of the license makes the check pass.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { incrementUsage, reserveUsage } from "../../server/domain/meters/take.ts";
import { startOrQueue, startSeat } from "../../server/domain/seats/start.ts";
import { answerOf, applyRemedy, explained, machine } from "../support/explained.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const at = (day: string) => system.ctx(new Date(`${day}T10:00:00Z`));

test("a session is explained with the queue, and a device with a session gets it again", async () => {
  const ctx = await at("2030-06-15");
  const { id, key } = await makeLicense(ctx, { maxUsers: 1, seatQueue: true });
  const seat = (name: string) => ({ licenseKey: key, hardwareId: name });
  for (const name of ["a", "b", "c"]) await activateLicense(ctx, machine(key, name));
  await startSeat(ctx, seat("a"));
  await startOrQueue(ctx, { ...seat("b"), ticket: null, queue: true });
  const name = "seat_limit";
  const third = await explained(ctx, id, { name, hardwareId: "c" });
  assert.deepEqual([third.session, ...third.texts], [
    "SESSION_LIMIT_REACHED",
    "All seats of concurrent users are in use: 1 of 1. 1 wait in the queue.",
    "Raise the limit of concurrent users to 3.",
    "Wait in the queue: the app would be number 2.",
    "End a session of another device, or wait until one ends.",
  ]);
  assert.equal(await answerOf(startSeat(ctx, seat("c"))), third.session);
  const second = await explained(ctx, id, { name, hardwareId: "b" });
  assert.equal(second.texts[2], "Wait in the queue: the app would be number 1.");
  const first = await explained(ctx, id, { name, hardwareId: "a" });
  assert.deepEqual([first.session, ...first.texts], [
    "VALID",
    "The device has a session, and gets it again.",
  ]);
  assert.equal(await answerOf(startSeat(ctx, seat("a"))), first.session);
  await applyRemedy(ctx, id, third.check);
  assert.equal((await explained(ctx, id, { name, hardwareId: "c" })).session, "VALID");
  assert.equal(await answerOf(startSeat(ctx, seat("c"))), "VALID");
});

test("where sessions count for each device, those of other devices do not", async () => {
  const ctx = await at("2030-06-15");
  const { id, key } = await makeLicense(ctx, { maxUsers: 1, seatScope: "machine" });
  for (const name of ["a", "b"]) await activateLicense(ctx, machine(key, name));
  await startSeat(ctx, { licenseKey: key, hardwareId: "a" });
  const a = await explained(ctx, id, { name: "seat_limit", hardwareId: "a" });
  assert.deepEqual([a.session, a.texts[0]], [
    "SESSION_LIMIT_REACHED",
    "All seats of concurrent users on this device are in use: 1 of 1.",
  ]);
  const b = await explained(ctx, id, { name: "seat_limit", hardwareId: "b" });
  assert.deepEqual([b.session, ...b.texts], [
    "VALID",
    "0 of 1 concurrent users are signed in on this device.",
  ]);
  for (const [hardwareId, { session }] of [["a", a], ["b", b]] as const) {
    assert.equal(await answerOf(startSeat(ctx, { licenseKey: key, hardwareId })), session);
  }
});

test("each meter is explained with its balance, its limit and its next period", async () => {
  const ctx = await at("2030-06-15");
  const { id, key } = await makeLicense(ctx, {
    meters: {
      exports: { limit: 1000, period: "month", overage: 10 },
      scans: { limit: 5, period: "forever", overage: 0 },
    },
  });
  const use = { licenseKey: key, hardwareId: null };
  await incrementUsage(ctx, { ...use, meter: "exports", amount: 1090 });
  await reserveUsage(ctx, { ...use, meter: "exports", amount: 10, ttl: 600 });
  await incrementUsage(ctx, { ...use, meter: "scans", amount: 3 });
  const { checks } = await explained(ctx, id, { name: "meter_limit" });
  const meters = checks.filter(({ name }) => name === "meter_limit");
  assert.deepEqual(meters.map(({ meter, passed, actual, limit }) => [meter, passed, actual, limit]), [
    ["exports", false, 1100, 1100],
    ["scans", true, 3, 5],
  ]);
  assert.deepEqual(meters.map(({ sentence }) => sentence), [
    "exports: 1,090 of 1,000 units are used until 2030-06-30, and 10 are reserved; 1,100 units are admitted.",
    "scans: 3 of 5 units are used.",
  ]);
  assert.deepEqual(meters[0].remedies.map(({ sentence }) => sentence), [
    "Raise the limit of exports to 1,101 units or more.",
    "Wait: its next period begins on 2030-07-01.",
    "Release reservations, or wait until they lapse.",
  ]);
  const count = (meter: string) => answerOf(incrementUsage(ctx, { ...use, meter, amount: 1 }));
  assert.deepEqual([await count("exports"), await count("scans")], [meters[0].code, "VALID"]);
  await applyRemedy(ctx, id, meters[0]);
  assert.ok((await explained(ctx, id, { name: "meter_limit" })).check!.passed);
  assert.equal(await count("exports"), "VALID");
});
