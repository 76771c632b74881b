// Protection against cross-site request forgery, the same for administration, tRPC and account pages. Browsers send
// Sec-Fetch-Site (W3C Fetch Metadata), older ones Origin alone.
import type { RequestContext } from "./request_context.ts";
import { RequestError } from "./request_error.ts";

/**
 * Refuses a request that another site makes a browser send.
 *
 * @param usesCookie whether the credential is a cookie. A browser adds it automatically, so a request that changes something
 *   and names no origin is refused then; without a cookie it comes from a program.
 * @throws RequestError CROSS_SITE
 */
export function requireSameSite({ raw, services }: RequestContext, usesCookie: boolean): void {
  if (raw.method === "GET" || raw.method === "HEAD") return;
  const site = raw.headers.get("sec-fetch-site");
  const origin = raw.headers.get("origin");
  const isAllowed = site !== null
    // "none": typed into the address bar or reloaded, which no other site can cause.
    ? site === "same-origin" || site === "none"
    : origin !== null
    ? isOwnOrigin(origin, services.site.publicUrl, raw.headers.get("host"))
    : !usesCookie;
  if (!isAllowed) throw new RequestError("CROSS_SITE");
}

/** The scheme is that of the public address; a host reached under another name may be behind a proxy that ends TLS. */
function isOwnOrigin(origin: string, publicUrl: string, host: string | null): boolean {
  if (!URL.canParse(origin)) return false;
  const own = new URL(publicUrl);
  const given = new URL(origin);
  return given.host === own.host ? given.protocol === own.protocol : given.host === host;
}
