// Revisions of what administrators edit. An update can name the revision it was opened with; when the object was changed
// since, it is refused with the current values, so that no one overwrites what they have not seen.
import { createHash } from "node:crypto";
import { refuse, type SubjectKind } from "./errors.ts";

/** What the revision of an object covers: the values that can be edited, by name. */
export type EditableValues = Record<string, unknown>;

/** An object with its revision. */
export interface WithRevision {
  /** Changes with every change of a value that can be edited, and with nothing else. */
  revision: string;
}

/** The revision an update was opened with, or several of which one has to be the current one. */
export type SeenRevision = string | readonly string[];

/**
 * The revision of these values. Equal values have equal revisions, so a change that was taken back outdates nothing, and
 * neither does what changes beside them: activations, deliveries, sign-ins.
 */
export function revisionOf(values: EditableValues): string {
  return digestOf(JSON.stringify(Object.entries(values)));
}

/** The first 132 bits of the SHA-256, in base64url. */
export function digestOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("base64url").slice(0, 22);
}

/** The named values of a row, in that order. */
export function pickValues<Row extends object>(
  row: Row,
  names: readonly (keyof Row & string)[],
): EditableValues {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

/**
 * Requires that an update names the current revision of an object, or none. The object is locked, so that of two updates of
 * the same revision one is refused.
 *
 * @param object.current the values of the locked object
 * @throws DomainError `REVISION_OUTDATED` with those values
 */
export function requireRevision(
  { subject, current }: { subject: SubjectKind; current: EditableValues },
  seen: SeenRevision | undefined,
): void {
  if (seen === undefined) return;
  const revision = revisionOf(current);
  if (![seen].flat().includes(revision)) refuse("REVISION_OUTDATED", { subject, revision, current });
}
