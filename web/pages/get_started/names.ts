// Codes for programs, made of what people call a thing.

/** "Pattern Studio 2" as "pattern-studio-2"; without a Latin letter in the name, something that will do. */
export function codeOf(name: string, otherwise: string): string {
  const code = name.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-").slice(0, 63).replace(/^-+|-+$/g, "");
  return code || otherwise;
}
