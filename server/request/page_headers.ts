// Headers that protect what a browser shows. The end of the request pipeline adds them to every answer, and those of pages
// to every answer that is HTML, so that an endpoint or a page whose author forgot them has them too.

/** Header with the content security policy of an answer (CSP Level 3). */
export const policyHeader = "content-security-policy";

/**
 * What an answer may load where it does not say so itself: nothing, and no page may frame it. It matters for JSON as well: a
 * browser that is sent to an API shows the answer as a document (OWASP ASVS 5.0, 3.4.3 and 3.4.6).
 */
export const strictestPolicy =
  "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Headers of HTML; what the page sets itself stays. */
export const pageHeaders: Readonly<Record<string, string>> = {
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

/**
 * Headers of every answer of a server that is reached by https: browsers then use nothing else for a year, at its name and
 * all names below (RFC 6797; OWASP ASVS 5.0, 3.4.1).
 */
export function transportHeaders(publicUrl: string): Record<string, string> {
  return publicUrl.startsWith("https:")
    ? { "strict-transport-security": "max-age=31536000; includeSubDomains" }
    : {};
}
