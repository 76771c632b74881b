// What a server process remembers, so that the same verdict need not be read from the database a thousand times.
// Its promise: nothing it answers has been untrue for more than a second. What changed is forgotten when the database
// says so; a process that cannot hear the database remembers nothing.
import { LRUCache } from "lru-cache";
import type { Cache, CacheEntry } from "../domain/context.ts";

/** Things remembered at most; some 600 bytes each. */
const MOST = 150_000;

export interface ServerCache extends Cache {
  /** Forgets what ends with a notice, "license:12". */
  invalidate(notice: string): void;
  invalidateAll(): void;
  readonly size: number;
}

/**
 * An empty memory.
 *
 * @param hearing whether notices arrive at present
 */
export function createCache(hearing: () => boolean): ServerCache {
  // Which keys end with a notice; nearly always one.
  const ending = new Map<string, string | Set<string>>();
  const kept = new LRUCache<string, CacheEntry<object>>({
    max: MOST,
    dispose: ({ invalidationTag }, key) => unlink(invalidationTag!, key),
  });

  // A value read before a notice and kept after it would be wrong for ever. So a load notes when it began, and what
  // was forgotten since then is not kept.
  let moment = 0;
  let loading = 0;
  let allForgottenAt = 0;
  const forgottenAt = new Map<string, number>();

  function link(until: string, key: string): void {
    const known = ending.get(until);
    if (known === undefined) ending.set(until, key);
    else if (typeof known !== "string") known.add(key);
    else if (known !== key) ending.set(until, new Set([known, key]));
  }

  function unlink(until: string, key: string): void {
    const known = ending.get(until);
    if (typeof known === "object" && known.delete(key) && known.size > 0) return;
    ending.delete(until);
  }

  function drop(until: string): void {
    if (loading > 0) forgottenAt.set(until, ++moment);
    const keys = ending.get(until);
    if (keys === undefined) return;
    for (const key of typeof keys === "string" ? [keys] : [...keys]) kept.delete(key);
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
      const untouched = invalidationTag !== null && allForgottenAt <= began &&
        (forgottenAt.get(invalidationTag) ?? 0) <= began &&
        (forgottenAt.get(kindOf(invalidationTag)) ?? 0) <= began;
      if (untouched && hearing()) {
        kept.set(key, found);
        link(invalidationTag, key);
      }
      return found.value;
    } finally {
      if (--loading === 0) forgottenAt.clear();
    }
  }

  return {
    getOrLoad<T extends object>(key: string, find: () => Promise<CacheEntry<T> | null>) {
      const known = hearing() ? kept.get(key) : undefined;
      return known ? known.value as T : load(key, find);
    },
    invalidate(notice) {
      drop(notice);
      // Some things end with any change of a kind: "the only product", the settings.
      drop(kindOf(notice));
    },
    invalidateAll() {
      allForgottenAt = ++moment;
      kept.clear();
      ending.clear();
    },
    get size() {
      return kept.size;
    },
  };
}

function kindOf(notice: string): string {
  const colon = notice.indexOf(":");
  return colon === -1 ? notice : notice.slice(0, colon);
}
