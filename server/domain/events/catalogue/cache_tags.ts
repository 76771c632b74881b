// Tags that connect cached values with the changes that invalidate them. The database's triggers record the same
// tags, "license:5"; a test compares triggers, tags and the catalogue of events.

/** Kinds of things whose changes invalidate cached values; the first argument of the triggers' `notify_change`. */
export const cachedKinds = [
  "administrator",
  "api_key",
  "license",
  "product",
  "setting",
  "signing_key",
  "user",
] as const;

export type CachedKind = typeof cachedKinds[number];

/** One thing, "product:5", or everything of a kind, "product:*". Settings have names instead of ids. */
export type CacheTag = `${CachedKind}:${number | string}`;

/** The tag of one thing. A value under it is invalid once that thing has changed. */
export function tagOf(kind: CachedKind, id: number): CacheTag {
  return `${kind}:${id}`;
}

/** The tag of all things of a kind. A value under it is invalid once any of them has changed. */
export function tagOfAll(kind: CachedKind): CacheTag {
  return `${kind}:*`;
}

/** The kind of a tag. */
export function kindOf(tag: CacheTag): CachedKind {
  return tag.slice(0, tag.indexOf(":")) as CachedKind;
}

/** Whether a recorded change is one of a cached kind. */
export function isCacheTag(text: string): text is CacheTag {
  return cachedKinds.some((kind) => text.startsWith(`${kind}:`));
}

/** The notification that events were committed, without those that are frequent. It may be lost. */
export const EVENTS_COMMITTED = "events";
