// Codes derived from names.

/**
 * "Pattern Studio 2" as "pattern-studio-2".
 *
 * @param otherwise the code of a name without Latin letters or digits
 */
export function codeOf(name: string, otherwise: string): string {
  const code = name.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-").slice(0, 63).replace(/^-+|-+$/g, "");
  return code || otherwise;
}
