// Versions of apps as they report them: semantic, or with "v", fewer or more parts, build metadata and words after them.
import { identifiersOf, type Version, versionOf } from "./version_order.ts";
import { isInRange, parseVersionRange } from "./version_range.ts";

/** Numbers of up to 15 digits are exact. */
const number = String.raw`\d{1,15}(?!\d)`;
const identifiers = String.raw`[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`;
const reported = new RegExp(String.raw`^v?\.?\s*(${number}(?:\.${number})*)(?![.\d]*\d)(.*)$`, "is");
const semantic = new RegExp(String.raw`^-(${identifiers})(?:\+.*)?$`);
/** A pre-release in words: " beta", " (Beta 3)", "rc1", "b4"; "a" and "b" count with a number only. */
const words =
  /^[\s._,-]*\(?\s*(?:(alpha|beta|rc|release candidate|preview|pre|dev|nightly|canary|snapshot)|(a|b)(?=\d))[\s._-]*(\d{1,15})?(?![a-z\d])/i;
const longForms = new Map([["a", "alpha"], ["b", "beta"], ["release candidate", "rc"]]);

/** A version; null when the text does not begin with a number. */
export function parseVersion(text: string): Version | null {
  const [, numbers, rest] = text.normalize("NFKC").trim().match(reported) ?? [];
  if (numbers === undefined) return null;
  const [, preRelease] = rest.match(semantic) ?? [];
  if (preRelease !== undefined) return versionOf(numbers, identifiersOf(preRelease));
  const [, word, letter, count] = rest.match(words) ?? [];
  if (word === undefined && letter === undefined) return versionOf(numbers, []);
  const name = (word ?? letter).toLowerCase();
  return versionOf(numbers, [longForms.get(name) ?? name, ...count === undefined ? [] : [Number(count)]]);
}

/** Whether a range such as ">=2.0.0 <3.0.0" has a version. A version that cannot be read is in each, in a range that cannot is none. */
export function isVersionInRange(version: string, range: string): boolean {
  const parsed = parseVersion(version);
  const bounds = parseVersionRange(range);
  return bounds !== null && (parsed === null || isInRange(bounds, parsed));
}
