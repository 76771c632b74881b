// The ten lines of each client library: those of its README, with the values of this server and product.
import type { Library } from "./languages.ts";

/** What is filled in. */
export interface LibraryValues {
  url: string;
  apiKey: string;
  product: string;
  licenseKey: string;
  /** The product's public key. */
  key: { kid: string; x: string };
}

/** The first block of a language in a README; null when there is none. */
export function linesOf(readme: string, { fence }: Library): string | null {
  // Rust's tools are told in the fence that the lines are compiled and not run.
  return readme.match(new RegExp(`^\`\`\`${fence}(?:,no_run)?\n([^]*?)\n\`\`\`$`, "m"))?.[1] ?? null;
}

/** What stands in the lines of every README, in this order or another, for what is filled in. */
export const places = {
  url: '"https://licenses.example.com"',
  apiKey: '"lk_…"',
  product: '"painter"',
  licenseKey: '"TEST-TEST-TEST-TEST"',
  /** Twice: the id of the key, then the key. */
  key: '"…"',
};

/** The lines with the values in their places. JSON's escapes are those of all these languages. */
export function fillIn(lines: string, { url, apiKey, product, licenseKey, key }: LibraryValues): string {
  const values: [place: string, value: string][] = [
    [places.url, url],
    [places.apiKey, apiKey],
    [places.licenseKey, licenseKey],
    [places.key, key.kid],
    [places.key, key.x],
  ];
  return values.reduce(
    (text, [place, value]) => text.replace(place, () => JSON.stringify(value)),
    lines.replaceAll(places.product, () => JSON.stringify(product)),
  );
}
