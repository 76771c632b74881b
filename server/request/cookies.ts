// The cookies that carry a session: of administrators, and of users on the account pages.
import { generateCookie } from "hono/cookie";
import { parse } from "hono/utils/cookie";
import type { RequestContext } from "./request_context.ts";

export interface SessionCookie {
  name: string;
  path: string;
}

export const administratorCookie: SessionCookie = { name: "latchkey_session", path: "/" };
export const userCookie: SessionCookie = { name: "latchkey_account", path: "/account" };

/** The token in a request's cookie; null without one. */
export function readCookie({ raw }: RequestContext, { name }: SessionCookie): string | null {
  const header = raw.headers.get("cookie");
  return header === null ? null : parse(header, name)[name] || null;
}

/** Hands a token to the browser. */
export function setCookie(
  request: RequestContext,
  cookie: SessionCookie,
  token: string,
  expires: Date,
): void {
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
