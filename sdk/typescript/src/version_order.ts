// A version as it is compared: Semantic Versioning 2.0.0 (section 11), extended to any number of parts.

export interface Version {
  /** The numbers part by part, without zeros at the end: 1.2 is 1.2.0. */
  numbers: readonly number[];
  /** What follows in a pre-release, in lower case: ["beta", 3] for "beta.3" and "beta3"; empty for others. */
  preRelease: readonly (number | string)[];
  /** A text that is equal for equal versions. */
  key: string;
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

/** Numbers come before words. */
function compareIdentifiers(a: number | string, b: number | string): number {
  if (typeof a === "number") return typeof b === "number" ? a - b : -1;
  if (typeof b === "number") return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** "beta10" counts as "beta.10", because by its characters it would be older than "beta9". */
export function identifiersOf(text: string): (number | string)[] {
  return text.toLowerCase().split(".").flatMap((identifier) => {
    const [, word, count] = identifier.match(/^([a-z]+)(\d{1,15})$/) ?? [];
    if (word !== undefined) return [word, Number(count)];
    return [/^\d{1,15}$/.test(identifier) ? Number(identifier) : identifier];
  });
}

/** The version with these numbers, separated by dots. */
export function versionOf(text: string, preRelease: readonly (number | string)[]): Version {
  const numbers = text.split(".").map(Number);
  while (numbers.length > 1 && numbers.at(-1) === 0) numbers.pop();
  const key = numbers.join(".") + (preRelease.length > 0 ? `-${preRelease.join(".")}` : "");
  return { numbers, preRelease, key };
}
