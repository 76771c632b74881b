// Unfinished forms, kept in the browser tab's session storage until they are saved. They belong to one administrator: signing
// out deletes them, and so does the sign-in of another person.
const PREFIX = "latchkey.draft.";
const OWNER = "latchkey.draft_owner";

/** What was changed in a form, and the values it was changed from. */
interface Draft<Values> {
  changed: Partial<Values>;
  seen: Partial<Values>;
}

/** The changes in an unfinished form; null when there are none. */
export function readDraft<Values>(name: string | undefined): Draft<Values> | null {
  if (!name) return null;
  try {
    const draft = JSON.parse(sessionStorage.getItem(PREFIX + name) ?? "null");
    return draft?.changed && draft.seen ? draft : null;
  } catch {
    return null;
  }
}

/** Stores the changes in an unfinished form. */
export function storeDraft<Values extends object>(name: string | undefined, draft: Draft<Values>): void {
  if (!name) return;
  const { changed, seen } = draft;
  const stored = { changed: withoutSecrets(changed), seen: withoutSecrets(seen) };
  sessionStorage.setItem(PREFIX + name, JSON.stringify(stored));
}

export function removeDraft(name: string | undefined): void {
  if (name) sessionStorage.removeItem(PREFIX + name);
}

/** Deletes all drafts. */
export function clearDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}

/** Keeps the drafts of this administrator and deletes those of another. */
export function keepDraftsOf(administratorId: number): void {
  const owner = String(administratorId);
  if (sessionStorage.getItem(OWNER) !== owner) clearDrafts();
  sessionStorage.setItem(OWNER, owner);
}

/**
 * Passwords, codes of a second factor and webhook headers, which often hold credentials, are not stored. Codes of
 * products and plans are no secrets.
 */
function withoutSecrets(values: object): object {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => !/password|secret|.code$|^headers$/i.test(name)),
  );
}
