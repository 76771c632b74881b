// The cookies that carry a session: of administrators, and of users on the account pages.
import { generateCookie } from "hono/cookie";
import { parse } from "hono/utils/cookie";
import { requireSameSite } from "./csrf.ts";
import type { RequestContext } from "./request_context.ts";

export interface SessionCookie {
  name: string;
  path: string;
}

export const administratorCookie: SessionCookie = { name: "latchkey_session", path: "/" };
export const userCookie: SessionCookie = { name: "latchkey_account", path: "/account" };

/**
 * The token in a request's cookie; null without one.
 *
 * @throws RequestError CROSS_SITE when another site makes the browser send it
 */
export function readCookie(request: RequestContext, { name }: SessionCookie): string | null {
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
  request.cookies.push(generateCookie(cookie.name, token, { ...attributes(request, cookie), expires }));
}

/** Removes the cookie from the browser. */
export function clearCookie(request: RequestContext, cookie: SessionCookie): void {
  request.cookies.push(generateCookie(cookie.name, "", { ...attributes(request, cookie), maxAge: 0 }));
}

function attributes({ services }: RequestContext, { path }: SessionCookie) {
  const secure = services.site.publicUrl.startsWith("https:");
  return { path, httpOnly: true, sameSite: "Lax", secure } as const;
}
