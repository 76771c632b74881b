// The names of the keys in Redis.

/** Every key of Latchkey, as a pattern for SCAN. */
export const allKeys = "{latchkey-*";

/**
 * The beginning of keys that belong together. A script or command names only keys with the same one: on Redis Cluster
 * the text in braces decides which node has a key.
 *
 * @param tag "queues"; without braces
 */
export function keyPrefix(tag: string): `{latchkey-${string}}` {
  return `{latchkey-${tag}}`;
}
