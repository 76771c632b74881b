// Ranges of versions as npm writes them: comparators (">=2.0.0 <3.0.0"), "^", "~", parts that may be anything ("2.x"),
// hyphens ("1.0 - 2.5") and alternatives ("||"), for versions with any number of parts. A pre-release counts as the version
// that it leads to, unless the range names a pre-release: 3.0.0-beta is not in "<3.0.0", and 2.0.0-beta is in ">=2.0.0".
import { compareVersions, identifiersOf, type Version, versionOf } from "./version_order.ts";

/** The bounds of one alternative; absent: any version. */
interface Bounds {
  from?: Bound;
  to?: Bound;
}

interface Bound {
  version: Version;
  isIncluded: boolean;
}

/** Alternatives, of which one has to contain a version. */
export type VersionRange = readonly Bounds[];

/** A version whose last parts may be left out or "x". */
interface Partial {
  /** The parts that are given. */
  numbers: number[];
  /** Whether parts of it are left open. */
  isOpen: boolean;
  preRelease: string | undefined;
}

const form =
  /^v?(?:\d{1,15}|[xX*])(?:\.(?:\d{1,15}|[xX*])){0,3}(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;
const hyphenated = /^(\S+)\s+-\s+(\S+)$/;
const comparator = /^(<=|>=|<|>|=|\^|~>?)?(.+)$/;

/**
 * Parses a range.
 *
 * @returns null when it is none, or contains no version at all, as ">3 <2" does
 */
export function parseVersionRange(text: string): VersionRange | null {
  const alternatives: Bounds[] = [];
  for (const alternative of text.split("||")) {
    const bounds = parseAlternative(alternative.trim());
    if (bounds === null) return null;
    if (!isEmpty(bounds)) alternatives.push(bounds);
  }
  return alternatives.length > 0 ? alternatives : null;
}

/** Whether a range contains a version. */
export function isInRange(range: VersionRange, version: Version): boolean {
  return range.some(({ from, to }) =>
    (from === undefined || isWithin(compareTo(version, from), from)) &&
    (to === undefined || isWithin(-compareTo(version, to), to))
  );
}

function isWithin(difference: number, { isIncluded }: Bound): boolean {
  return isIncluded ? difference >= 0 : difference > 0;
}

/** A bound without a pre-release is compared with the version that a pre-release leads to. */
function compareTo(version: Version, { version: bound }: Bound): number {
  return compareVersions(bound.preRelease.length > 0 ? version : { ...version, preRelease: [] }, bound);
}

function isEmpty({ from, to }: Bounds): boolean {
  if (!from || !to) return false;
  const difference = compareVersions(from.version, to.version);
  return difference > 0 || difference === 0 && !(from.isIncluded && to.isIncluded);
}

function parseAlternative(text: string): Bounds | null {
  const [, low, high] = text.match(hyphenated) ?? [];
  if (low !== undefined) return bothOf(parseComparator(`>=${low}`), parseComparator(`<=${high}`));
  // An operator may stand apart from its version: ">= 2.0.0".
  const comparators = text.replace(/(<=|>=|<|>|=|\^|~>?)\s+/g, "$1").split(/\s+/).filter((part) =>
    part !== ""
  );
  return comparators.map(parseComparator).reduce<Bounds | null>(bothOf, comparators.length > 0 ? {} : null);
}

/** The bounds of both; null when one is none. */
function bothOf(one: Bounds | null, other: Bounds | null): Bounds | null {
  if (one === null || other === null) return null;
  return { from: stricter(one.from, other.from, 1), to: stricter(one.to, other.to, -1) };
}

function stricter(one: Bound | undefined, other: Bound | undefined, direction: 1 | -1): Bound | undefined {
  if (!one || !other) return one ?? other;
  const difference = compareVersions(one.version, other.version) * direction;
  if (difference === 0) return one.isIncluded ? other : one;
  return difference > 0 ? one : other;
}

function parseComparator(text: string): Bounds | null {
  const [, operator = "=", given] = text.match(comparator) ?? [];
  const partial = parsePartial(given ?? "");
  if (partial === null) return null;
  // "any version" with an operator: "<*" would contain none.
  if (partial.numbers.length === 0) return operator === "<" || operator === ">" ? null : {};
  const at = bound(partial, true),
    after = { version: next(partial, partial.numbers.length - 1), isIncluded: false };
  switch (operator) {
    case ">=":
      return { from: at };
    case ">":
      return { from: partial.isOpen ? { ...after, isIncluded: true } : { ...at, isIncluded: false } };
    case "<":
      return { to: { ...at, isIncluded: false } };
    case "<=":
      return { to: partial.isOpen ? after : at };
    case "^":
      return { from: at, to: { version: next(partial, significant(partial)), isIncluded: false } };
    case "=":
      return partial.isOpen ? { from: at, to: after } : { from: at, to: at };
    default:
      return {
        from: at,
        to: { version: next(partial, Math.min(1, partial.numbers.length - 1)), isIncluded: false },
      };
  }
}

function parsePartial(text: string): Partial | null {
  const [found, preRelease] = text.match(form) ?? [];
  if (found === undefined) return null;
  const parts = text.replace(/^v/, "").split(/[-+]/, 1)[0].split(".");
  const open = parts.findIndex((part) => !/^\d/.test(part));
  const numbers = (open === -1 ? parts : parts.slice(0, open)).map(Number);
  const isOpen = open !== -1 || numbers.length < 3;
  // In "1.x.3" and "1.x-beta" nothing tells what is meant.
  if (open !== -1 && parts.slice(open).some((part) => /^\d/.test(part))) return null;
  return isOpen && preRelease !== undefined ? null : { numbers, isOpen, preRelease };
}

/** The part that "^" keeps: the first that is not 0, or the last that is given. */
function significant({ numbers }: Partial): number {
  const first = numbers.findIndex((number) => number > 0);
  return first === -1 ? numbers.length - 1 : first;
}

/** The first version in which the part of that index is one higher. */
function next({ numbers }: Partial, index: number): Version {
  return versionOf([...numbers.slice(0, index), numbers[index] + 1].join("."), []);
}

function bound({ numbers, preRelease }: Partial, isIncluded: boolean): Bound {
  return {
    version: versionOf(numbers.join("."), preRelease === undefined ? [] : identifiersOf(preRelease)),
    isIncluded,
  };
}
