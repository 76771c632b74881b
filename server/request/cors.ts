// Cross-origin requests (WHATWG Fetch) to dialects that allow them: from every origin, as those APIs accept no cookie.

/** Headers of every answer. Browsers show scripts of another origin no other headers than the listed ones. */
export const corsHeaders: Record<string, string> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, RateLimit, RateLimit-Policy, Retry-After, " +
    "X-Request-Id, Idempotent-Replayed",
};

/**
 * Headers of the answer to a preflight request.
 *
 * @param methods of the endpoints at the address
 */
export function preflightHeaders(methods: string): Record<string, string> {
  return {
    ...corsHeaders,
    "access-control-allow-methods": methods,
    // "*" does not cover Authorization, so all are listed.
    "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key, X-API-Key, X-Request-Id",
    "access-control-max-age": "86400",
  };
}
