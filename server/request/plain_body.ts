// Bodies of the most frequent calls as nearly all clients send them: a few fields of plain text. Such a body is its own result
// of the schema, which therefore need not be applied; a test compares the two. Everything else is left to the schema.

/** Visible ASCII without blanks: nothing to trim, to clean, to shorten or to refuse. */
const plain = /^[!-~]+$/;

/**
 * Returns the function that recognises plain bodies.
 *
 * @param fields the fields and the longest plain text of each; all must be there
 * @returns the body, or null if the schema has to look at it
 */
export function recognisePlain<Name extends string>(
  fields: Record<Name, number>,
): (value: unknown) => Record<Name, string> | null {
  const names = Object.keys(fields) as Name[];
  return (value) => {
    if (typeof value !== "object" || value === null) return null;
    const body = value as Record<string, unknown>;
    let count = 0;
    // Fields that the schema does not know are removed by it.
    for (const _name in body) if (++count > names.length) return null;
    for (const name of names) {
      const text = body[name];
      if (typeof text !== "string" || text.length > fields[name] || !plain.test(text)) return null;
    }
    return body as Record<Name, string>;
  };
}
