// The cache of a server process without a server: packed values, their memory, invalidation at every moment, and loads that
// are shared.
import assert from "node:assert/strict";
import { ConnectionError } from "../../db/connection_error.ts";
import {
  type ValidationData,
  validationPacking,
} from "../../server/domain/activations/validation_packing.ts";
import { addDays, FIRST_DAY } from "../../server/domain/calendar.ts";
import type { CacheEntry, PackedKey, Packing } from "../../server/domain/context.ts";
import { createCache } from "../../server/request/cache.ts";
import fc from "../support/property.ts";
import { test } from "../support/test.ts";

const MIB = 1024 * 1024;

/** A value for tests: its text, and the number that can be replaced. */
interface Note {
  text: string;
  number: number;
}

const notePacking: Packing<Note> = {
  pack: ({ text }, writer) => writer.text(text),
  numberOf: ({ number }) => number,
  unpack: (reader, number) => ({ text: reader.text(), number }),
};

const keyOf = (n: number): PackedKey => [`machine ${n}`, `KEY-${n}`];

function openNotes(maxPacked = MIB) {
  let isFresh = true;
  const cache = createCache(() => isFresh, maxPacked);
  return {
    cache,
    setFresh: (fresh: boolean) => isFresh = fresh,
    ask: (key: PackedKey, load: () => Promise<CacheEntry<Note> | null>, isShared = true) =>
      cache.getOrLoadPacked(notePacking, key, load, { isShared }),
  };
}

const noteOf = (n: number, text = `text ${n}`): CacheEntry<Note> => ({
  value: { text, number: n },
  invalidationTag: `license:${n}`,
});

const never = () => Promise.reject(new Error("It was not in the cache"));

test("validation data comes out of its packed form as it went in", async () => {
  const count = fc.integer({ min: 0, max: 1_000_000 });
  const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  const day = fc.integer({ min: 0, max: 2_950_000 }).map((distance) => addDays(FIRST_DAY, distance));
  const plain = { noNullPrototype: true } as const;
  const data: fc.Arbitrary<ValidationData> = fc.record({
    license: fc.record({
      id,
      key: fc.string({ minLength: 6, maxLength: 40, unit: "grapheme-ascii" }),
      productId: id,
      customerId: id,
      isActive: fc.boolean(),
      validFrom: day,
      validUntil: fc.option(day),
      graceDays: fc.nat({ max: 3650 }),
      afterExpiry: fc.constantFrom("refuse", "entitled_versions", "allow"),
      updatesUntil: fc.option(day),
      versions: fc.option(fc.constantFrom("2.x", ">=2.0.0 <3.0.0")),
      maxActivations: count,
      machineOverage: fc.option(count),
      maxUsers: count,
      deletedAt: fc.constant(null),
      activationsInUse: count,
      entitlements: fc.dictionary(
        fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,62}$/),
        fc.oneof(
          fc.constant(true as const),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.string({ unit: "grapheme" }),
        ),
        { noNullPrototype: true, maxKeys: 4 },
      ).map((all) => JSON.parse(JSON.stringify(all))),
      metadata: fc.dictionary(
        fc.stringMatching(/^[A-Za-z0-9.-]{1,64}$/),
        fc.oneof(fc.boolean(), fc.string()),
        {
          noNullPrototype: true,
          maxKeys: 4,
        },
      ),
      hasMeters: fc.boolean(),
    }, plain),
    activation: fc.record({
      id,
      isActive: fc.boolean(),
      lastHeartbeat: fc.integer(),
      componentMark: fc.option(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
      metadata: fc.dictionary(
        fc.stringMatching(/^[a-z_.]{1,12}$/),
        fc.oneof(fc.string({ unit: "grapheme" }), fc.integer(), fc.boolean()),
        { noNullPrototype: true, maxKeys: 3 },
      ),
    }, plain),
    machineMatching: fc.constantFrom("exact", "any", "two", "most", "all"),
    lease: fc.option(fc.integer({ min: 1, max: 9999 * 1440 }).map((minutes) => minutes * 60_000)),
  }, plain);
  const cache = createCache(() => true, MIB);
  await fc.assert(
    fc.asyncProperty(data, fc.string(), fc.boolean(), async (value, hardwareId, isSentAsIssued) => {
      const key: PackedKey = [hardwareId, isSentAsIssued ? value.license.key : `${value.license.key} `];
      cache.invalidate("license:1");
      const entry = { value, invalidationTag: "license:1" } as const;
      await cache.getOrLoadPacked(validationPacking, key, () => Promise.resolve(entry), { isShared: true });
      const cached = cache.getOrLoadPacked(validationPacking, key, never, { isShared: true });
      // Text beyond Latin-1 is not packed.
      if (/[^\0-\xff]/.test(hardwareId)) await assert.rejects(cached as Promise<unknown>);
      else assert.deepEqual(cached, value);
    }),
  );
});

test("more different entitlements than are shared come out as they went in", async () => {
  const cache = createCache(() => true, 16 * MIB);
  const dataOf = (n: number): ValidationData => ({
    license: {
      id: n,
      key: `KEY-${n}`,
      productId: 1,
      customerId: 1,
      isActive: true,
      validFrom: FIRST_DAY,
      validUntil: null,
      graceDays: 0,
      afterExpiry: "refuse",
      updatesUntil: null,
      versions: null,
      machineOverage: 0,
      maxActivations: 1,
      maxUsers: 1,
      deletedAt: null,
      activationsInUse: 1,
      entitlements: { api: true, note: `${n} Größe 大 ${"x".repeat(240)}`, [`of_${n}`]: n },
      metadata: {},
      hasMeters: false,
    },
    activation: { id: n, isActive: true, lastHeartbeat: n, componentMark: null, metadata: {} },
    lease: null,
    machineMatching: "exact",
  });
  for (let n = 0; n < 10_000; n++) {
    const entry = { value: dataOf(n), invalidationTag: `license:${n}` } as const;
    await cache.getOrLoadPacked(validationPacking, keyOf(n), () => Promise.resolve(entry), {
      isShared: true,
    });
    const cached = cache.getOrLoadPacked(validationPacking, keyOf(n), never, { isShared: true });
    assert.deepEqual(cached, dataOf(n));
  }
});

test("every value is found until it makes room for others, and those asked for stay", async () => {
  const { cache, ask } = openNotes(2 * MIB);
  const often = 100;
  for (let n = 0; n < 60_000; n++) {
    await ask(keyOf(n), () => Promise.resolve(noteOf(n)));
    assert.deepEqual(ask(keyOf(n), never), noteOf(n).value);
    if (n > often) assert.deepEqual(ask(keyOf(n % often), never), noteOf(n % often).value);
  }
  assert.ok(cache.size > 20_000 && cache.size < 60_000, `${cache.size} values`);
  let kept = 0;
  for (let n = 0; n < 60_000; n++) {
    const found = ask(keyOf(n), () => Promise.resolve(null));
    if (found instanceof Promise) continue;
    assert.deepEqual(found, noteOf(n).value);
    kept++;
  }
  assert.equal(kept, cache.size);
});

test("a value is replaced, as is its number", async () => {
  const { cache, ask } = openNotes();
  const key = keyOf(1);
  for (let round = 0; round < 50_000; round++) {
    cache.invalidate("license:1");
    await ask(key, () => Promise.resolve(noteOf(1, `round ${round}`)));
  }
  cache.replaceNumber(key, 7.5);
  cache.replaceNumber(keyOf(2), 8);
  assert.deepEqual(ask(key, never), { text: "round 49999", number: 7.5 });
  assert.equal(cache.size, 1);
});

test("no value outlives the notice of its change, whenever that comes", async () => {
  const { cache, ask, setFresh } = openNotes();
  const notices: [string, () => void][] = [
    ["its change", () => cache.invalidate("license:1")],
    ["a gap", () => cache.invalidateAll()],
  ];
  for (const [name, notify] of notices) {
    // While it is cached.
    await ask(keyOf(1), () => Promise.resolve(noteOf(1)));
    assert.deepEqual(ask(keyOf(1), never), noteOf(1).value, name);
    notify();
    await assert.rejects(ask(keyOf(1), never) as Promise<unknown>, name);
    // While it is loaded: who asked before gets what was read, and no one after that.
    const slow = Promise.withResolvers<CacheEntry<Note>>();
    const asked = ask(keyOf(1), () => slow.promise);
    notify();
    const after = ask(keyOf(1), () => Promise.resolve(noteOf(1, "after")));
    slow.resolve(noteOf(1, "before"));
    assert.equal((await asked)!.text, "before", name);
    assert.equal((await after)!.text, "after", name);
    assert.deepEqual(ask(keyOf(1), never), { text: "after", number: 1 }, name);
    notify();
  }
  // Another license's change is none of its.
  await ask(keyOf(1), () => Promise.resolve(noteOf(1)));
  cache.invalidate("license:2");
  assert.deepEqual(ask(keyOf(1), never), noteOf(1).value);
  setFresh(false);
  await assert.rejects(ask(keyOf(1), never) as Promise<unknown>);
});

test("who waits for the same value shares one load, unless they may not", async () => {
  const { ask, setFresh } = openNotes();
  let loads = 0;
  const load = async () => {
    loads++;
    await new Promise((resolve) => setTimeout(resolve, 1));
    return { value: { text: "", number: 1 }, invalidationTag: null };
  };
  const askAll = async (isShared = true) => {
    loads = 0;
    await Promise.all(Array.from({ length: 20 }, () => ask(keyOf(1), load, isShared)));
    return loads;
  };
  assert.equal(await askAll(), 1);
  assert.equal(await askAll(), 1);
  assert.equal(await askAll(false), 20);
  // A process that does not hear of changes asks for each.
  setFresh(false);
  assert.equal(await askAll(), 20);
});

test("a load that fails fails alone, but for a database that is unavailable", async () => {
  const { ask } = openNotes();
  const failing = (error: Error) => ask(keyOf(1), () => Promise.reject(error)) as Promise<Note>;
  const own = () => ask(keyOf(1), () => Promise.resolve(noteOf(1))) as Promise<Note>;
  const first = failing(new Error("its own"));
  const second = own();
  await assert.rejects(first, /its own/);
  assert.equal((await second).number, 1);
  const { ask: askOther } = openNotes();
  const down = askOther(keyOf(1), () => Promise.reject(new ConnectionError("CONNECTION_CLOSED"))) as Promise<
    Note
  >;
  const waiting = askOther(keyOf(1), never) as Promise<Note>;
  await assert.rejects(down, ConnectionError);
  await assert.rejects(waiting, ConnectionError);
});
