// Versions as apps report them, compared by Semantic Versioning 2.0.0 (section 11): 1.10.0 is newer than 1.9.0, and
// 2.0.0-beta.1 older than 2.0.0.
import { LRUCache } from "lru-cache";
import semver, { type SemVer } from "semver";

/** Parsed versions; the apps of a vendor run few different ones. */
const cache = new LRUCache<string, { version: SemVer | null }>({ max: 1000 });

/**
 * Parses a version as apps write it: also "1.2", "v1.2.3", and four-part versions, of which the first three parts count.
 *
 * @returns null when it is not a version
 */
export function parseVersion(text: string): SemVer | null {
  const cached = cache.get(text);
  if (cached) return cached.version;
  const version = semver.parse(text) ?? parseNumbers(text);
  cache.set(text, { version });
  return version;
}

/** "1.2" as 1.2.0, "1.2.3.4" as 1.2.3; null for anything but one to four numbers. */
function parseNumbers(text: string): SemVer | null {
  const numbers = text.trim().match(/^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:\.\d{1,9})?$/);
  if (!numbers) return null;
  const [major, minor = 0, patch = 0] = numbers.slice(1, 4).map((number) => Number(number ?? 0));
  return semver.parse(`${major}.${minor}.${patch}`);
}
