// What the library keeps between runs, as JSON that is the same in all of its languages. All of it that decides is signed, so
// that an edited record is worth nothing.

/** What was seen. It is never forgotten. */
export interface Kept {
  /** The latest trusted time; seconds since 1970. */
  trusted: number;
  /** The greatest `seq` by activation. */
  seq: Readonly<Record<string, number>>;
  /** The latest `iat` by address of a status list. */
  lists: Readonly<Record<string, number>>;
  /** The activations that were given back: the greatest `seq`, and the code that was shown. */
  removed: Readonly<Record<string, Removed>>;
}

export interface Removed {
  seq: number;
  code: string;
}

export interface LicenseRecord extends Kept {
  /** As it is sent to the server; null: not activated. */
  licenseKey: string | null;
  /** The license file. */
  file: string | null;
  /** The last signed validation. */
  validation: string | null;
  /** The code by which the server refused the last activation or, unsigned, its license; null: none. */
  refusal: string | null;
  /** The latest status list of the file. */
  list: string | null;
}

export const emptyRecord: LicenseRecord = {
  licenseKey: null,
  file: null,
  validation: null,
  refusal: null,
  trusted: 0,
  seq: {},
  lists: {},
  removed: {},
  list: null,
};

/** Reads a record. What is missing or damaged counts as not there. */
export function readRecord(text: string | null): LicenseRecord {
  const given = membersOf(parse(text));
  const textOf = (name: string) => typeof given[name] === "string" ? given[name] as string : null;
  return {
    licenseKey: textOf("license_key"),
    file: textOf("file"),
    validation: textOf("validation"),
    refusal: textOf("refusal"),
    trusted: isNumber(given.trusted) && given.trusted <= LAST_SECOND ? given.trusted : 0,
    seq: pick(given.seq, isNumber),
    lists: pick(given.lists, (value): value is number => isNumber(value) && value <= LAST_SECOND),
    removed: pick(given.removed, isRemoved),
    list: textOf("list"),
  };
}

export function writeRecord({ licenseKey, file, validation, refusal, list, ...kept }: LicenseRecord): string {
  const { trusted, seq, lists, removed } = kept;
  const members = { file, validation, refusal, trusted, seq, lists, removed, list };
  return `${JSON.stringify({ format: 1, license_key: licenseKey, ...members }, null, 2)}\n`;
}

/** A record with a later trusted time, and greater numbers of what was seen. */
export function withKept(record: LicenseRecord, seen: Partial<Kept>): LicenseRecord {
  return {
    ...record,
    trusted: Math.max(record.trusted, seen.trusted ?? 0),
    seq: greatest(record.seq, seen.seq, (value) => value),
    lists: greatest(record.lists, seen.lists, (value) => value),
    removed: greatest(record.removed, seen.removed, ({ seq }) => seq),
  };
}

function greatest<Value>(
  one: Readonly<Record<string, Value>>,
  other: Readonly<Record<string, Value>> = {},
  numberOf: (value: Value) => number,
): Record<string, Value> {
  const all = new Map(Object.entries(one));
  for (const [name, value] of Object.entries(other)) {
    const own = all.get(name);
    if (own === undefined || numberOf(own) < numberOf(value)) all.set(name, value);
  }
  return Object.fromEntries(all);
}

/** The end of 9999. */
const LAST_SECOND = 253_402_300_799;

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : {};
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number >= 0;
}

function isRemoved(value: unknown): value is Removed {
  const { seq, code } = membersOf(value);
  return isNumber(seq) && typeof code === "string";
}

function pick<Value>(value: unknown, is: (member: unknown) => member is Value): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(membersOf(value)).flatMap(([name, member]) => is(member) ? [[name, member]] : []),
  );
}
