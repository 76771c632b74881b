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
    ? URL.canParse(origin) &&
      [new URL(services.site.publicUrl).host, raw.headers.get("host")].includes(new URL(origin).host)
    : !usesCookie;
  if (!isAllowed) throw new RequestError("CROSS_SITE");
}
