// The cache of a server process. It never returns a value that has been outdated for more than a second: the process
// reads what changed, and while it cannot, nothing is served from it.
import { LRUCache } from "lru-cache";
import { isUnavailable } from "../../db/connect.ts";
import { type CacheTag, kindOf, tagOfAll } from "../domain/events/catalogue/cache_tags.ts";
import type { Cache, CacheEntry, PackedKey } from "../domain/context.ts";
import { NotPackable, PackedReader, PackedWriter } from "./packed_bytes.ts";
import { hashText, type PackedRecord, PackedStore } from "./packed_store.ts";

/** The highest number of values that are objects; some 600 bytes each. */
const MAX_ENTRIES = 50_000;
/** The memory of packed values; bytes. A license and a machine take 90 to 130. */
const MAX_PACKED = 80 * 1024 * 1024;
/** Moments of invalidation that are told apart; two tags of one slot are invalidated together. */
const TAG_SLOTS = 2 ** 18;

export interface ServerCache extends Cache {
  invalidateAll(): void;
  readonly size: number;
  readonly lookups: { hits: number; misses: number };
}

/**
 * An empty cache.
 *
 * @param isFresh whether every change of more than a second ago has been heard
 * @param maxPacked the memory of packed values; bytes
 */
export function createCache(isFresh: () => boolean, maxPacked = MAX_PACKED): ServerCache {
  // The keys of a tag; nearly always one.
  const keysOf = new Map<CacheTag, string | Set<string>>();
  const entries = new LRUCache<string, CacheEntry<object>>({
    max: MAX_ENTRIES,
    dispose: ({ invalidationTag }, key) => unlink(invalidationTag!, key),
  });
  const packed = new PackedStore(maxPacked);
  // Used by one call at a time, which does not wait.
  const record: PackedRecord = { version: 0, tag: 0, number: 0 };
  const reader = new PackedReader();

  // A value read before a change and cached after the change was heard would stay wrong. So a load notes when it began, and
  // its value is not cached if its tag was invalidated since. A packed value has that moment in its record.
  let moment = 0;
  let loading = 0;
  let allInvalidatedAt = 0;
  const invalidatedAt = new Map<CacheTag, number>();
  const slotInvalidatedAt = new Float64Array(TAG_SLOTS);
  const slotOf = (tag: CacheTag) => hashText(0, tag) & (TAG_SLOTS - 1);
  /** Loads of packed values that are under way. */
  const shared = new Map<string, { began: number; loaded: Promise<object | null> }>();

  function link(tag: CacheTag, key: string): void {
    const known = keysOf.get(tag);
    if (known === undefined) keysOf.set(tag, key);
    else if (typeof known !== "string") known.add(key);
    else if (known !== key) keysOf.set(tag, new Set([known, key]));
  }

  function unlink(tag: CacheTag, key: string): void {
    const known = keysOf.get(tag);
    if (typeof known === "object" && known.delete(key) && known.size > 0) return;
    keysOf.delete(tag);
  }

  function remove(tag: CacheTag): void {
    moment++;
    slotInvalidatedAt[slotOf(tag)] = moment;
    if (loading > 0) invalidatedAt.set(tag, moment);
    const keys = keysOf.get(tag);
    if (keys === undefined) return;
    for (const key of typeof keys === "string" ? [keys] : [...keys]) entries.delete(key);
  }

  async function load<T extends object>(
    find: () => Promise<CacheEntry<T> | null>,
    keep: (found: CacheEntry<T>, tag: CacheTag, began: number) => void,
  ): Promise<T | null> {
    const began = moment;
    loading++;
    try {
      const found = await find();
      if (!found) return null;
      const { invalidationTag } = found;
      const isCurrent = invalidationTag !== null && allInvalidatedAt <= began &&
        (invalidatedAt.get(invalidationTag) ?? 0) <= began;
      if (isCurrent && isFresh()) keep(found, invalidationTag, began);
      return found.value;
    } finally {
      if (--loading === 0) invalidatedAt.clear();
    }
  }

  /**
   * Loads once for all who ask meanwhile. Who asks after a change was heard asks again. Who
   * cannot know of changes asks on their own.
   */
  function loadShared<T extends object>(name: string, run: () => Promise<T | null>): Promise<T | null> {
    const known = shared.get(name);
    if (known && known.began === moment && isFresh()) {
      return (known.loaded as Promise<T | null>).catch((error) => {
        // The time of the others is over no earlier than that of the first.
        if (isUnavailable(error)) throw error;
        return run();
      });
    }
    const flight = { began: moment, loaded: run() };
    shared.set(name, flight);
    const end = () => {
      if (shared.get(name) === flight) shared.delete(name);
    };
    flight.loaded.then(end, end);
    return flight.loaded;
  }

  const lookups = { hits: 0, misses: 0 };
  return {
    lookups,
    getOrLoad<T extends object>(key: string, find: () => Promise<CacheEntry<T> | null>) {
      const known = isFresh() ? entries.get(key) : undefined;
      if (known) {
        lookups.hits++;
        return known.value as T;
      }
      lookups.misses++;
      return load(find, (found, tag) => {
        entries.set(key, found);
        link(tag, key);
      });
    },
    getOrLoadPacked(packing, key, find, { isShared }) {
      const position = isFresh() ? packed.find(key, record) : -1;
      const { version, tag, number } = record;
      if (position >= 0 && version >= allInvalidatedAt && version >= slotInvalidatedAt[tag]) {
        lookups.hits++;
        packed.read(position, reader);
        return packing.unpack(reader, number, key);
      }
      lookups.misses++;
      const run = () =>
        load(find, ({ value }, tag, began) => {
          const writer = new PackedWriter();
          try {
            packing.pack(value, writer, key);
            packed.put(key, { version: began, tag: slotOf(tag), number: packing.numberOf(value) }, writer);
          } catch (error) {
            if (!(error instanceof NotPackable)) throw error;
          }
        });
      return isShared ? loadShared(nameOf(key), run) : run();
    },
    replaceNumber: (key, number) => packed.setNumber(key, number),
    invalidate(tag) {
      remove(tag);
      remove(tagOfAll(kindOf(tag)));
    },
    invalidateAll() {
      allInvalidatedAt = ++moment;
      entries.clear();
      keysOf.clear();
    },
    get size() {
      return entries.size + packed.size;
    },
  };
}

/** A key as one text. The first part has no line break. */
function nameOf([first, second]: PackedKey): string {
  return `${first}\n${second}`;
}
