// Headers that protect pages. The end of the request pipeline adds them to every answer that is HTML, so that a page whose
// author forgot them has them too.

/** What a page may load where it does not say so itself (CSP Level 3): nothing, and no other page may frame it. */
const strictest = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Headers of HTML; what the page sets itself stays. */
export const pageHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": strictest,
  // The address of a page may contain a token, so it is sent to no other site.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
  // For browsers that do not know frame-ancestors.
  "x-frame-options": "DENY",
};

export function isHtml(contentType: string | null | undefined): boolean {
  return contentType?.startsWith("text/html") ?? false;
}

/** Headers of every answer of a server that is reached by https: browsers then use nothing else for a year (RFC 6797). */
export function transportHeaders(publicUrl: string): Record<string, string> {
  return publicUrl.startsWith("https:") ? { "strict-transport-security": "max-age=31536000" } : {};
}
