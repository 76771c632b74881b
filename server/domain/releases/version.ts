// Versions of apps and releases: their form, their order and the channel they belong to. Semantic Versioning 2.0.0
// (section 11), extended to any number of parts and to what apps report besides; see docs/decisions.
import { LRUCache } from "lru-cache";

/** How finished a release is; who runs a less finished one is offered the more finished ones as well. */
export const channels = ["stable", "beta", "alpha"] as const;
export type Channel = (typeof channels)[number];

export interface Version {
  /** The numbers part by part, without zeros at the end: 1.2 is 1.2.0. */
  numbers: readonly number[];
  /** What follows in a pre-release, in lower case: ["beta", 3] for "beta.3" and "beta3"; empty for others. */
  preRelease: readonly (number | string)[];
  /** A text that is equal for equal versions. */
  key: string;
}

/** Numbers of up to 15 digits are exact. */
const number = String.raw`\d{1,15}(?!\d)`;
const identifiers = String.raw`[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`;
const reported = new RegExp(String.raw`^v?\.?\s*(${number}(?:\.${number})*)(?![.\d]*\d)(.*)$`, "is");
const released = new RegExp(String.raw`^v?(${number}(?:\.${number}){2,3})(?:-(${identifiers}))?(?:\+.*)?$`);
const semantic = new RegExp(String.raw`^-(${identifiers})(?:\+.*)?$`);
/** A pre-release in words: " beta", " (Beta 3)", "rc1", "b4"; "a" and "b" count with a number only. */
const words =
  /^[\s._,-]*\(?\s*(?:(alpha|beta|rc|release candidate|preview|pre|dev|nightly|canary|snapshot)|(a|b)(?=\d))[\s._-]*(\d{1,15})?(?![a-z\d])/i;

const longForms = new Map([["a", "alpha"], ["b", "beta"], ["release candidate", "rc"]]);

/** Parsed versions; the apps of a vendor run few different ones. */
const cache = new LRUCache<string, { version: Version | null }>({ max: 1000 });

/**
 * Parses a version as apps report it: semantic, or with "v", fewer or more parts, build metadata and words after the
 * numbers. "1.2.3 (build 4)" is 1.2.3, "2.0 beta 3" is 2.0.0-beta.3.
 *
 * @returns null when it does not begin with a number
 */
export function parseVersion(text: string): Version | null {
  const cached = cache.get(text);
  if (cached) return cached.version;
  const version = parseReported(text.normalize("NFKC").trim());
  cache.set(text, { version });
  return version;
}

function parseReported(text: string): Version | null {
  const [, numbers, rest] = text.match(reported) ?? [];
  if (numbers === undefined) return null;
  const [, preRelease] = rest.match(semantic) ?? [];
  if (preRelease !== undefined) return versionOf(numbers, identifiersOf(preRelease));
  const [, word, letter, count] = rest.match(words) ?? [];
  if (word === undefined && letter === undefined) return versionOf(numbers, []);
  const name = (word ?? letter).toLowerCase();
  return versionOf(numbers, [longForms.get(name) ?? name, ...count === undefined ? [] : [Number(count)]]);
}

/**
 * Parses the version of a release: three or four numbers, which may be a date, and the identifiers of a pre-release.
 *
 * @returns the version and its text without "v" and build metadata; null when it is none
 */
export function parseReleaseVersion(text: string): { version: Version; text: string } | null {
  const [, numbers, preRelease] = text.match(released) ?? [];
  if (numbers === undefined) return null;
  return {
    version: versionOf(numbers, preRelease === undefined ? [] : identifiersOf(preRelease)),
    text: preRelease === undefined ? numbers : `${numbers}-${preRelease}`,
  };
}

/**
 * The order of versions: part by part, a pre-release before what it precedes. Negative when `a` is older.
 *
 * @returns 0 for versions with the same key
 */
export function compareVersions(a: Version, b: Version): number {
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let part = 0; part < length; part++) {
    const difference = (a.numbers[part] ?? 0) - (b.numbers[part] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.preRelease.length === 0 || b.preRelease.length === 0) {
    return b.preRelease.length - a.preRelease.length;
  }
  for (const [index, identifier] of a.preRelease.entries()) {
    if (index === b.preRelease.length) return 1;
    const difference = compareIdentifiers(identifier, b.preRelease[index]);
    if (difference !== 0) return difference;
  }
  return a.preRelease.length - b.preRelease.length;
}

const alphaWords = new Set(["alpha", "dev", "nightly", "canary", "snapshot"]);

/** The channel that a version's words tell. */
export function channelOf({ preRelease }: Version): Channel {
  if (preRelease.length === 0) return "stable";
  return preRelease.some((identifier) => alphaWords.has(String(identifier))) ? "alpha" : "beta";
}

/** Numbers come before words. */
function compareIdentifiers(a: number | string, b: number | string): number {
  if (typeof a === "number") return typeof b === "number" ? a - b : -1;
  if (typeof b === "number") return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** "beta10" counts as "beta.10", because by its characters it would be older than "beta9". */
function identifiersOf(text: string): (number | string)[] {
  return text.toLowerCase().split(".").flatMap((identifier) => {
    const [, word, count] = identifier.match(/^([a-z]+)(\d{1,15})$/) ?? [];
    if (word !== undefined) return [word, Number(count)];
    return [/^\d{1,15}$/.test(identifier) ? Number(identifier) : identifier];
  });
}

function versionOf(text: string, preRelease: readonly (number | string)[]): Version {
  const numbers = text.split(".").map(Number);
  while (numbers.length > 1 && numbers.at(-1) === 0) numbers.pop();
  const key = numbers.join(".") + (preRelease.length > 0 ? `-${preRelease.join(".")}` : "");
  return { numbers, preRelease, key };
}
