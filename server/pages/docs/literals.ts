// JSON as a literal of a programming language, over several lines.

/** An object literal of TypeScript; names that need no quotes have none. */
export function typescriptLiteral(value: unknown): string {
  // A line of this JSON begins with a name or ends a value: texts have no line breaks of their own in it.
  return JSON.stringify(value, null, 2)
    .replace(/^(\s*)"([A-Za-z_]\w*)": /gm, "$1$2: ")
    .replace(/(?<=[^[{,\s])$(?=\n)/gm, ",");
}

/** A literal of Python. JSON's texts and numbers are Python's as well. */
export function pythonLiteral(value: unknown, margin = ""): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const isList = Array.isArray(value);
  const inner = `${margin}    `;
  const entries = isList
    ? value.map((entry) => `${inner}${pythonLiteral(entry, inner)},`)
    : Object.entries(value).map(([name, entry]) =>
      `${inner}${JSON.stringify(name)}: ${pythonLiteral(entry, inner)},`
    );
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  return entries.length === 0 ? open + close : `${open}\n${entries.join("\n")}\n${margin}${close}`;
}
