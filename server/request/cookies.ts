// The cookies that carry a session: of administrators, and of users on the account pages; and the one of a sign-in that is
// under way at the identity provider.
import { generateCookie } from "hono/cookie";
import { parse } from "hono/utils/cookie";
import { requireSameSite } from "./csrf.ts";
import type { RequestContext } from "./request_context.ts";

export interface SessionCookie {
  name: string;
  path: string;
}

/**
 * The name and path of a cookie. By https it has the prefix with which a browser takes it from this host alone, and by
 * https alone (RFC 6265bis, section 4.1.3.2); that wants the path "/".
 */
function named(
  { services }: RequestContext,
  { name, path }: SessionCookie,
): SessionCookie & { secure: boolean } {
  const secure = services.site.publicUrl.startsWith("https:");
  return secure ? { name: `__Host-${name}`, path: "/", secure } : { name, path, secure };
}

/** Scripts do not read them, and other sites do not send them with what changes something. */
const attributes = { httpOnly: true, sameSite: "Lax" } as const;

export const administratorCookie: SessionCookie = { name: "latchkey_session", path: "/" };
/** Binds a sign-in at the identity provider to the browser that began it. */
export const providerCookie: SessionCookie = { name: "latchkey_provider", path: "/" };
export const userCookie: SessionCookie = { name: "latchkey_account", path: "/account" };

/**
 * The token in a request's cookie; null without one.
 *
 * @throws RequestError CROSS_SITE when another site makes the browser send it
 */
export function readCookie(request: RequestContext, cookie: SessionCookie): string | null {
  const { name } = named(request, cookie);
  const header = request.raw.headers.get("cookie");
  const token = header === null ? null : parse(header, name)[name] || null;
  if (token !== null) requireSameSite(request, true);
  return token;
}

/**
 * Hands a token to the browser. Another site must not sign it in, to an account of its choice (login CSRF).
 *
 * @throws RequestError CROSS_SITE
 */
export function setCookie(
  request: RequestContext,
  cookie: SessionCookie,
  token: string,
  expires: Date,
): void {
  requireSameSite(request, false);
  const { name, ...more } = named(request, cookie);
  // In seconds from now, as the browser's clock may be wrong.
  const maxAge = Math.max(0, Math.round((expires.getTime() - request.now.getTime()) / 1000));
  request.cookies.push(generateCookie(name, token, { ...attributes, ...more, maxAge }));
}

/** Removes the cookie from the browser. */
export function clearCookie(request: RequestContext, cookie: SessionCookie): void {
  const { name, ...more } = named(request, cookie);
  request.cookies.push(generateCookie(name, "", { ...attributes, ...more, maxAge: 0 }));
}
