// Changes that a person made to the values they saw, and taking them over to the values there are by now: other fields that
// were changed in the meantime are no conflict, the same field is one.

/** In place of a revision that is not known, as of a row in a list. The server answers with the current values first. */
export const unknownRevision = "-";

/** Changes of an object, and what they were made to. */
export interface Edit<Values extends object> {
  /** The values that the person saw. */
  seen: Values;
  /** Those that they changed. */
  changed: Partial<Values>;
  /** The revision of what they saw. */
  revision: string;
}

/** How a field is called and its value is shown. */
export interface FieldDescription {
  label: string;
  text?(value: unknown): string | Promise<string>;
}

/** Whose value a field gets. */
export type Choice = "mine" | "current";
export type Choices = Record<string, Choice>;

/** For a field whose value is not shown, the one that tells when it was changed. */
export type Markers = Record<string, string>;

/** The names of the fields that were changed to another value than the person saw, and than theirs. */
export function conflictsOf<Values extends object>(
  { seen, changed }: Edit<Values>,
  current: Values,
  markers: Markers = {},
): string[] {
  return Object.keys(changed).filter((name) => {
    const marker = markers[name] ?? name;
    return !isSame(valueOf(current, marker), valueOf(seen, marker)) &&
      !isSame(valueOf(current, name), valueOf(changed, name));
  });
}

/** The same changes of the current values, without those that are equal to them or were given up. */
export function takeOver<Values extends object>(
  { changed }: Edit<Values>,
  current: { values: Values; revision: string },
  choices: Choices = {},
): Edit<Values> {
  const kept = Object.entries(changed).filter(([name, value]) =>
    choices[name] !== "current" && !isSame(valueOf(current.values, name), value)
  );
  return {
    seen: current.values,
    changed: Object.fromEntries(kept) as Partial<Values>,
    revision: current.revision,
  };
}

/**
 * The same changes where the object was changed while they are being made. A field in conflict stays as it was seen, with the
 * revision of then, so that saving asks about it.
 */
export function follow<Values extends object>(
  edit: Edit<Values>,
  current: { values: Values; revision: string },
  markers: Markers = {},
): Edit<Values> {
  const conflicts = conflictsOf(edit, current.values, markers);
  const next = takeOver(edit, current);
  if (conflicts.length === 0) return next;
  const kept = conflicts.flatMap((name) => [name, markers[name] ?? name]);
  return { ...next, seen: { ...current.values, ...pick(edit.seen, kept) }, revision: edit.revision };
}

/** What was added to and taken out of a list, done to the list there is by now. */
export function mergeLists<Entry>(
  seen: readonly Entry[],
  next: readonly Entry[],
  current: readonly Entry[],
): Entry[] {
  const has = (list: readonly Entry[], entry: Entry) => list.some((other) => isSame(other, entry));
  const removed = seen.filter((entry) => !has(next, entry));
  const added = next.filter((entry) => !has(seen, entry) && !has(current, entry));
  return [...current.filter((entry) => !has(removed, entry)), ...added];
}

/** The entries of `next` that differ from those of `before`. */
export function differing<Values extends object>(next: Values, before: object): Partial<Values> {
  return Object.fromEntries(
    Object.entries(next).filter(([name, value]) => !isSame(value, valueOf(before, name))),
  ) as Partial<Values>;
}

/** The named entries. */
export function pick<Values extends object>(values: Values, names: readonly string[]): Partial<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => names.includes(name)),
  ) as Partial<Values>;
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function valueOf(values: object, name: string): unknown {
  return (values as Record<string, unknown>)[name];
}
