// Meters under races, and any sequence of calls against a model.
import assert from "node:assert/strict";
import { DomainError } from "../../server/domain/errors.ts";
import { commitReservation, releaseReservation } from "../../server/domain/meters/end.ts";
import { incrementUsage, reserveUsage } from "../../server/domain/meters/take.ts";
import { countSuccesses, times } from "../support/concurrency.ts";
import { meteredSystem, monthly, usageOf, use } from "../support/meters.ts";
import fc from "../support/property.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { at, meteredLicense, sharing } = meteredSystem(system);

test("200 increments at once of a limit of 100 count exactly 100", async () => {
  const license = await meteredLicense({ exports: monthly(100) });
  const ctx = sharing(await at(0));
  const calls = Array.from({ length: 200 }, () => () => incrementUsage(ctx, use(license)));
  assert.equal(await countSuccesses(calls), 100);
  assert.deepEqual(await usageOf(ctx, license), { used: 100, reserved: 0 });
});

test("200 increments at once without shared statements count exactly 100", async () => {
  const license = await meteredLicense({ exports: monthly(100) });
  const ctx = await at(0);
  const calls = Array.from({ length: 200 }, () => () => incrementUsage(ctx, use(license)));
  assert.equal(await countSuccesses(calls), 100);
  assert.deepEqual(await usageOf(ctx, license), { used: 100, reserved: 0 });
});

test("receipts of increments at once have every balance once", async () => {
  const license = await meteredLicense({ exports: monthly(500) });
  const ctx = sharing(await at(0));
  const receipts = await times(120, () => incrementUsage(ctx, use(license, 2)));
  assert.deepEqual(
    receipts.map(({ used }) => used).sort((a, b) => a - b),
    Array.from({ length: 120 }, (_, n) => 2 * (n + 1)),
  );
  assert.equal(new Set(receipts.map(({ id }) => id)).size, 120);
});

test("200 commits and releases of one reservation at once: one of them ends it", async () => {
  const license = await meteredLicense({ exports: monthly(10) });
  const ctx = sharing(await at(0));
  const { reservationId } = await reserveUsage(ctx, { ...use(license, 5), ttl: 60 });
  const calls = Array.from(
    { length: 200 },
    (_, n) => () =>
      n % 2 === 0
        ? commitReservation(ctx, { reservationId, amount: 2 })
        : releaseReservation(ctx, reservationId),
  );
  assert.equal(await countSuccesses(calls), 1);
  const { used, reserved } = await usageOf(ctx, license);
  assert.ok(used === 0 || used === 2);
  assert.equal(reserved, 0);
});

test("200 who take at the moment when a reservation lapses get exactly its units", async () => {
  const license = await meteredLicense({ exports: monthly(100) });
  await reserveUsage(await at(0), { ...use(license, 60), ttl: 60 });
  await incrementUsage(await at(1), use(license, 10));
  const ctx = sharing(await at(60));
  const calls = Array.from(
    { length: 200 },
    (_, n) => () =>
      n % 3 === 0 ? reserveUsage(ctx, { ...use(license), ttl: 60 }) : incrementUsage(ctx, use(license)),
  );
  assert.equal(await countSuccesses(calls), 90);
  const { used, reserved } = await usageOf(ctx, license);
  assert.equal(used + reserved, 100);
});

type Step =
  | { kind: "increment" | "reserve"; amount: number; ttl: number }
  | { kind: "commit" | "release"; of: number; part: number }
  | { kind: "wait"; seconds: number };

test("any sequence of calls leaves what a model of it says", async () => {
  const amount = fc.integer({ min: 1, max: 6 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({
      kind: fc.constantFrom("increment" as const, "reserve" as const),
      amount,
      ttl: fc.constantFrom(5, 60),
    }),
    fc.record({
      kind: fc.constantFrom("commit" as const, "release" as const),
      of: fc.nat(6),
      part: fc.integer({ min: 0, max: 7 }),
    }),
    fc.record({ kind: fc.constant("wait" as const), seconds: fc.constantFrom(1, 5, 30) }),
  );
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 5, maxLength: 30 }),
    fc.constantFrom(0, 50, null),
    async (steps, overage) => {
      const license = await meteredLicense({ exports: monthly(12, overage) });
      const most = overage === null ? Infinity : 12 + 12 * overage / 100;
      const model = { used: 0, held: [] as { id: string; amount: number; until: number; isOpen: boolean }[] };
      let seconds = 0;
      const reserved = () =>
        model.held.filter(({ isOpen, until }) => isOpen && until > seconds)
          .reduce((sum, { amount }) => sum + amount, 0);
      for (const each of steps) {
        const ctx = sharing(await at(seconds));
        if (each.kind === "wait") seconds += each.seconds;
        else if ("amount" in each) {
          const fits = model.used + reserved() + each.amount <= most;
          const [id] = await outcomeOf(
            each.kind === "increment"
              ? incrementUsage(ctx, use(license, each.amount))
              : reserveUsage(ctx, { ...use(license, each.amount), ttl: each.ttl }),
          );
          assert.equal(id !== null, fits);
          if (fits && each.kind === "increment") model.used += each.amount;
          if (fits && each.kind === "reserve") {
            model.held.push({ id: id!, amount: each.amount, until: seconds + each.ttl, isOpen: true });
          }
        } else {
          const held = model.held[each.of];
          if (!held) continue;
          const isOpen = held.isOpen && held.until > seconds;
          const fits = isOpen && (each.kind === "release" || each.part <= held.amount);
          const [id] = await outcomeOf(
            each.kind === "commit"
              ? commitReservation(ctx, { reservationId: held.id, amount: each.part })
              : releaseReservation(ctx, held.id),
          );
          assert.equal(id !== null, fits);
          if (!fits) continue;
          held.isOpen = false;
          if (each.kind === "commit") model.used += each.part;
        }
        assert.deepEqual(await usageOf(await at(seconds), license), {
          used: model.used,
          reserved: reserved(),
        });
      }
    },
  );
  await fc.assert(property, { numRuns: 25 });
});

/** The id of a receipt or its reservation; null when the call was refused. */
async function outcomeOf(
  call: Promise<{ id: string; reservationId?: string | null }>,
): Promise<[string | null]> {
  try {
    const { id, reservationId } = await call;
    return [reservationId ?? id];
  } catch (error) {
    assert.ok(error instanceof DomainError, String(error));
    return [null];
  }
}
