// The clock of a process: it follows the database's, whatever its own does and however long the database takes to answer.
import assert from "node:assert/strict";
import { createClock } from "../../db/clock.ts";
import { test } from "../support/test.ts";

const start = Date.parse("2025-06-19T12:00:00Z");

/** A machine and a database whose clocks the test sets; milliseconds from noon on. */
function machine(wallAhead = 0) {
  const state = { monotonic: 1000, wallAhead, databaseAhead: 0, toDatabase: 0, fromDatabase: 0 };
  const time = () => start + state.monotonic - 1000;
  const wall = () => Math.floor(time() + state.wallAhead);
  const clock = createClock({
    readDatabase() {
      state.monotonic += state.toDatabase;
      const read = time() + state.databaseAhead;
      state.monotonic += state.fromDatabase;
      return Promise.resolve(read);
    },
    wall,
    monotonic: () => state.monotonic,
  });
  /** How far its time is from the database's. */
  const off = () => Math.round(clock.now().getTime() - time() - state.databaseAhead);
  return { state, clock, off };
}

test("a clock that is wrong is put right by the first measurement, and its jumps do not matter between two", async () => {
  for (const wallAhead of [86_400_000, -3_600_000, -1_700_000_000_000]) {
    const { state, clock, off } = machine(wallAhead);
    await clock.measure();
    assert.deepEqual([off(), clock.difference()], [0, wallAhead]);
    state.wallAhead = 0;
    state.monotonic += 60_000;
    assert.deepEqual([off(), clock.difference()], [0, 0]);
    await clock.measure();
    assert.deepEqual([off(), clock.difference()], [0, 0]);
  }
});

test("a slow answer does not change a time that agrees with it, and a wrong one by no more than half its duration", async () => {
  const { state, clock, off } = machine(0);
  await clock.measure();
  state.toDatabase = 9000;
  await clock.measure();
  assert.equal(off(), 0);
  state.wallAhead = 4000;
  await clock.measure();
  assert.deepEqual([off(), clock.difference()], [0, 4000], "although the wall clock agrees as well");

  const wrong = machine(86_400_000);
  Object.assign(wrong.state, { toDatabase: 100, fromDatabase: 20 });
  await wrong.clock.measure();
  assert.ok(Math.abs(wrong.off()) <= 60, String(wrong.off()));
});

test("a wall clock that is disciplined is followed", async () => {
  const { state, clock, off } = machine(0);
  await clock.measure();
  // The monotonic clock is 20 ms slow by now, and the database's and the machine's are right.
  state.wallAhead = state.databaseAhead = 20;
  await clock.measure();
  assert.deepEqual([off(), clock.difference()], [0, 0]);
});

test("the time follows a database whose clock is put right", async () => {
  const { state, clock, off } = machine(0);
  await clock.measure();
  for (const databaseAhead of [3_600_000, -86_400_000, 0]) {
    state.databaseAhead = databaseAhead;
    await clock.measure();
    assert.deepEqual([off(), clock.difference()], [0, databaseAhead === 0 ? 0 : -databaseAhead]);
  }
});

test("callers at the same time share a measurement; without an answer the last one holds", async () => {
  let asked = 0;
  let monotonic = 0;
  const clock = createClock({
    readDatabase: () => ++asked > 1 ? Promise.reject(new Error("away")) : Promise.resolve(start),
    wall: () => 0,
    monotonic: () => monotonic,
  });
  await Promise.all([clock.measure(), clock.measure()]);
  assert.equal(asked, 1);
  monotonic += 1500;
  await assert.rejects(clock.measure());
  assert.equal(clock.now().getTime(), start + 1500);
});
