// Who looks at a page: anyone, or a user by the cookie of their session. What a page posts must come from a page of
// ours, for the browser sends the cookie along whoever made it post.
import { getSession } from "../../domain/accounts/sessions.ts";
import { refuse } from "../../domain/errors.ts";
import { RequestError } from "../../request/request_error.ts";
import type { Guard } from "../../request/endpoint.ts";
import type { Guards, Limits } from "../../request/guards.ts";

export interface Visitors {
  /** Anyone, looking. */
  anyone: Guard;
  /** Anyone, posting what signs in or has mail sent. */
  signingIn: Guard;
  /** A user who is signed in, looking or posting. */
  user: Guard;
  /** The header that keeps a session in the browser. */
  cookieFor(token: string): Record<string, string>;
}

const COOKIE = "latchkey_account";
const WEEK = 7 * 86_400;
const attributes = "Path=/account; HttpOnly; SameSite=Lax";

/** The header that forgets the session. */
export const noCookie = { "set-cookie": `${COOKIE}=; Max-Age=0; ${attributes}` };

export function createVisitors(guards: Guards, limits: Limits, publicUrl: string): Visitors {
  const anonymous = { kind: "anonymous" } as const;
  const publicHost = new URL(publicUrl).host;
  const isSecure = publicUrl.startsWith("https:");

  function requireOwnPage(request: Request): void {
    if (request.method !== "POST") return;
    const site = request.headers.get("sec-fetch-site");
    const origin = request.headers.get("origin");
    const isOwn = site
      ? site === "same-origin" || site === "none"
      // A browser that sends neither is none, and a program has no cookies of anybody else's.
      : origin === null || [publicHost, new URL(request.url).host].includes(hostOf(origin));
    if (!isOwn) {
      throw new RequestError("CROSS_SITE");
    }
  }

  return {
    anyone: guards.open,
    signingIn: {
      scheme: null,
      errors: ["FORBIDDEN"],
      limits: limits.signIn ? [limits.signIn] : [],
      identify(request) {
        requireOwnPage(request);
        return anonymous;
      },
    },
    user: {
      scheme: null,
      errors: ["CROSS_SITE", "SESSION_TOKEN_REQUIRED", "SESSION_TOKEN_INVALID"],
      limits: guards.open.limits,
      async identify(request, ctx) {
        requireOwnPage(request);
        const token = tokenOf(request);
        if (!token) refuse("SESSION_TOKEN_REQUIRED");
        const { id, userId, email, deviceId } = await getSession(ctx, token);
        return { kind: "user", id: userId, email, session: { id, deviceId } };
      },
    },
    cookieFor: (token) => ({
      "set-cookie": `${COOKIE}=${token}; Max-Age=${WEEK}; ${attributes}${isSecure ? "; Secure" : ""}`,
    }),
  };
}

/** The session's token, from the cookie. */
export function tokenOf(request: Request): string | null {
  const cookies = request.headers.get("cookie")?.split(";") ?? [];
  const own = cookies.map((cookie) => cookie.trim()).find((cookie) => cookie.startsWith(`${COOKIE}=`));
  return own?.slice(COOKIE.length + 1) || null;
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : "";
}
