// What the library keeps between runs. All of it that decides is signed, so that an edited record is worth nothing.

export interface LicenseRecord {
  format: 1;
  /** As it is sent to the server; null: not activated. */
  licenseKey: string | null;
  /** The license file. */
  file: string | null;
  /** The last signed validation. */
  validation: string | null;
  /** The code by which the server refused the last activation or, unsigned, its license; null: none. */
  refusal: string | null;
  /** The latest trusted time; seconds since 1970. */
  trusted: number;
  /** The greatest `seq` by activation, and the latest `iat` by address of a status list. */
  seen: Record<string, number>;
  /** The latest status list of the file. */
  list: string | null;
}

export const emptyRecord: LicenseRecord = {
  format: 1,
  licenseKey: null,
  file: null,
  validation: null,
  refusal: null,
  trusted: 0,
  seen: {},
  list: null,
};

/** Reads a record. What is damaged counts as not there. */
export function readRecord(text: string | null): LicenseRecord {
  if (text === null) return emptyRecord;
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(text) ?? {};
  } catch {
    return emptyRecord;
  }
  const textOf = (name: string) => typeof given[name] === "string" ? given[name] as string : null;
  const seen = typeof given.seen === "object" && given.seen !== null ? Object.entries(given.seen) : [];
  return {
    format: 1,
    licenseKey: textOf("licenseKey"),
    file: textOf("file"),
    validation: textOf("validation"),
    refusal: textOf("refusal"),
    trusted: typeof given.trusted === "number" && given.trusted >= 0 ? given.trusted : 0,
    seen: Object.fromEntries(seen.filter(([, value]) => typeof value === "number")) as Record<string, number>,
    list: textOf("list"),
  };
}

export function writeRecord(record: LicenseRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** A record with a later trusted time, and greater numbers of what was seen. */
export function withSeen(
  record: LicenseRecord,
  trusted: number,
  seen: Record<string, number> = {},
): LicenseRecord {
  const greatest = { ...record.seen };
  for (const [name, value] of Object.entries(seen)) greatest[name] = Math.max(greatest[name] ?? 0, value);
  return { ...record, trusted: Math.max(record.trusted, trusted), seen: greatest };
}
