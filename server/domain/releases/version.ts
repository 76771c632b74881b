// Versions of apps and releases: their form and the channel they belong to. Semantic Versioning 2.0.0, extended to any
// number of parts and to what apps report besides; see docs/decisions.
import { LRUCache } from "lru-cache";
import { identifiersOf, type Version, versionOf } from "../version_order.ts";

/** How finished a release is; who runs a less finished one is offered the more finished ones as well. */
export const channels = ["stable", "beta", "alpha"] as const;
export type Channel = (typeof channels)[number];

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

const alphaWords = new Set(["alpha", "dev", "nightly", "canary", "snapshot"]);

/** The channel that a version's words tell. */
export function channelOf({ preRelease }: Version): Channel {
  if (preRelease.length === 0) return "stable";
  return preRelease.some((identifier) => alphaWords.has(String(identifier))) ? "alpha" : "beta";
}
