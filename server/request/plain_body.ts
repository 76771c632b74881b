// Bodies of the most frequent calls as nearly all clients send them: a few fields of plain text. Such a body is its own result
// of the schema, which therefore need not be applied; a test compares the two. Everything else is left to the schema.

/** Visible ASCII without blanks: nothing to trim, to clean, to shorten or to refuse. */
const plain = /^[!-~]+$/;
/** A name that every schema of names accepts. */
const plainName = /^[a-z][a-z0-9_]{0,31}$/;
/** More texts are left to the schema. */
const MAX_TEXTS = 8;

/**
 * Returns the function that recognises plain bodies.
 *
 * @param fields the fields and the longest plain text of each; all must be there
 * @param texts a field that may be there: an object of named plain texts of at most 255 characters
 * @returns the body, or null if the schema has to look at it
 */
export function recognisePlain<Name extends string, Texts extends string = never>(
  fields: Record<Name, number>,
  texts?: Texts,
): (value: unknown) => (Record<Name, string> & Partial<Record<Texts, Record<string, string>>>) | null {
  const names = Object.keys(fields) as Name[];
  return (value) => {
    if (typeof value !== "object" || value === null) return null;
    const body = value as Record<string, unknown>;
    let count = 0;
    // Fields that the schema does not know are removed by it.
    for (const name in body) {
      if (name === texts) {
        if (!arePlainTexts(body[name])) return null;
      } else if (++count > names.length) return null;
    }
    for (const name of names) {
      const text = body[name];
      if (typeof text !== "string" || text.length > fields[name] || !plain.test(text)) return null;
    }
    return body as ReturnType<ReturnType<typeof recognisePlain<Name, Texts>>>;
  };
}

function arePlainTexts(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  let count = 0;
  for (const name in value) {
    const text = (value as Record<string, unknown>)[name];
    if (++count > MAX_TEXTS || !plainName.test(name)) return false;
    if (typeof text !== "string" || text.length > 255 || !plain.test(text)) return false;
  }
  return true;
}
