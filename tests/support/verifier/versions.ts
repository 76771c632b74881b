// Whether a range of versions, as license files have them, contains the version of an app.

type Identifier = number | string;

interface Version {
  numbers: number[];
  preRelease: Identifier[];
}

const FORM = /^v?([0-9]{1,15}(?:\.[0-9]{1,15})*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]*)?$/;

/** A version that cannot be read is in every range. */
export function isInRange(text: string, range: string): boolean {
  const version = parse(text);
  return version === null ||
    range.split("||").some((alternative) =>
      alternative.split(" ").filter((part) => part !== "").every((part) => {
        const [, sign, bound] = /^([<>]=?)(.*)$/.exec(part) ?? [];
        const parsed = bound === undefined ? null : parse(bound);
        if (parsed === null) return false;
        const order = compare(
          parsed.preRelease.length > 0 ? version : { ...version, preRelease: [] },
          parsed,
        );
        return order === 0 ? sign.endsWith("=") : order < 0 ? sign[0] === "<" : sign[0] === ">";
      })
    );
}

function parse(text: string): Version | null {
  const [, numbers, preRelease] = FORM.exec(text) ?? [];
  if (numbers === undefined) return null;
  const identifiers = (preRelease ?? "").toLowerCase().split(".").flatMap((identifier) => {
    const [, word, count] = /^([a-z]+)([0-9]{1,15})$/.exec(identifier) ?? [];
    if (word !== undefined) return [word, Number(count)];
    return /^[0-9]{1,15}$/.test(identifier) ? Number(identifier) : identifier;
  });
  return { numbers: numbers.split(".").map(Number), preRelease: preRelease === undefined ? [] : identifiers };
}

function compare(one: Version, other: Version): number {
  for (let part = 0; part < Math.max(one.numbers.length, other.numbers.length); part++) {
    const difference = (one.numbers[part] ?? 0) - (other.numbers[part] ?? 0);
    if (difference !== 0) return difference;
  }
  if (one.preRelease.length === 0 || other.preRelease.length === 0) {
    return other.preRelease.length - one.preRelease.length;
  }
  for (const [index, identifier] of one.preRelease.entries()) {
    if (index === other.preRelease.length) return 1;
    const difference = compareIdentifiers(identifier, other.preRelease[index]);
    if (difference !== 0) return difference;
  }
  return one.preRelease.length - other.preRelease.length;
}

function compareIdentifiers(one: Identifier, other: Identifier): number {
  if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
  return one < other ? -1 : one > other ? 1 : 0;
}
