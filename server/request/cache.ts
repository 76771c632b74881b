// The cache of validation data in a server process. It never returns a value that has been outdated for more than a
// second: the database notifies the process of changes, and without fresh notifications nothing is served from it.
import { LRUCache } from "lru-cache";
import { type CacheTag, kindOf, tagOfAll } from "../domain/events/catalogue/cache_tags.ts";
import type { Cache, CacheEntry } from "../domain/context.ts";

/** The highest number of entries; some 600 bytes each. */
const MAX_ENTRIES = 150_000;

export interface ServerCache extends Cache {
  invalidateAll(): void;
  readonly size: number;
  readonly lookups: { hits: number; misses: number };
}

/**
 * An empty cache.
 *
 * @param isFresh whether notifications of changes arrive at present
 */
export function createCache(isFresh: () => boolean): ServerCache {
  // The keys of a tag; nearly always one.
  const keysOf = new Map<CacheTag, string | Set<string>>();
  const entries = new LRUCache<string, CacheEntry<object>>({
    max: MAX_ENTRIES,
    dispose: ({ invalidationTag }, key) => unlink(invalidationTag!, key),
  });

  // A value read before a change and cached after its notification would stay wrong. So a load notes when it began, and
  // its value is not cached if its tag was invalidated since.
  let moment = 0;
  let loading = 0;
  let allInvalidatedAt = 0;
  const invalidatedAt = new Map<CacheTag, number>();

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
    if (loading > 0) invalidatedAt.set(tag, ++moment);
    const keys = keysOf.get(tag);
    if (keys === undefined) return;
    for (const key of typeof keys === "string" ? [keys] : [...keys]) entries.delete(key);
  }

  async function load<T extends object>(
    key: string,
    find: () => Promise<CacheEntry<T> | null>,
  ): Promise<T | null> {
    const began = moment;
    loading++;
    try {
      const found = await find();
      if (!found) return null;
      const { invalidationTag } = found;
      const isCurrent = invalidationTag !== null && allInvalidatedAt <= began &&
        (invalidatedAt.get(invalidationTag) ?? 0) <= began;
      if (isCurrent && isFresh()) {
        entries.set(key, found);
        link(invalidationTag, key);
      }
      return found.value;
    } finally {
      if (--loading === 0) invalidatedAt.clear();
    }
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
      return load(key, find);
    },
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
      return entries.size;
    },
  };
}
