// What an administrator shows at the REST and tRPC doors alike: the panel's cookie, or a token in the header. A cookie
// goes along with whatever another site makes a browser send, so with a cookie alone only our own pages change things.
import { getAnalyticsActor } from "../domain/administrators/analytics_token.ts";
import { type AdministratorActor } from "../domain/administrators/administrator.ts";
import { getAdministratorActor } from "../domain/administrators/sessions.ts";
import type { LookupContext } from "../domain/context.ts";
import { refuse } from "../domain/errors.ts";
import { RequestError } from "./request_error.ts";

export const SESSION_COOKIE = "latchkey_session";

/**
 * The administrator a request comes from.
 *
 * @throws DomainError `SIGN_IN_REQUIRED`, `CROSS_SITE`
 */
export function identifyAdministrator(
  request: Request,
  ctx: LookupContext,
  publicUrl: string,
): Promise<AdministratorActor> {
  const { token, fromCookie } = tokenOf(request);
  if (token === null) refuse("SIGN_IN_REQUIRED");
  if (fromCookie) requireOurSite(request, publicUrl);
  return getAdministratorActor(ctx, token);
}

/**
 * The same, where the token that opens statistics alone is taken as well.
 *
 * @throws DomainError `SIGN_IN_REQUIRED`, `CROSS_SITE`
 */
export function identifyReader(
  request: Request,
  ctx: LookupContext,
  options: { publicUrl: string; secret: string },
): Promise<AdministratorActor> {
  const { token, fromCookie } = tokenOf(request);
  // Ours are base64url without a dot; a JWT has two.
  if (token !== null && !fromCookie && token.includes(".")) {
    return getAnalyticsActor(ctx, options.secret, token);
  }
  return identifyAdministrator(request, ctx, options.publicUrl);
}

function tokenOf(request: Request): { token: string | null; fromCookie: boolean } {
  const bearer = request.headers.get("authorization")?.match(/^Bearer +(\S{1,4096})$/i)?.[1];
  if (bearer) return { token: bearer, fromCookie: false };
  const cookie = request.headers.get("cookie")?.match(/(?:^|;\s*)latchkey_session=([\w-]{1,255})/)?.[1];
  return { token: cookie ?? null, fromCookie: true };
}

/**
 * Refuses what another site makes a browser send. Browsers say where a request comes from; who says nothing is no
 * browser, and has no business with a cookie.
 *
 * @throws DomainError `CROSS_SITE`
 */
export function requireOurSite(request: Request, publicUrl: string): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers.get("sec-fetch-site");
  if (site === "same-origin") return;
  const origin = request.headers.get("origin");
  const ours = [new URL(publicUrl).host, request.headers.get("host")];
  if (site === null && origin && URL.canParse(origin) && ours.includes(new URL(origin).host)) return;
  throw new RequestError("CROSS_SITE");
}

/** The header that hands a session to a browser; without a token, takes it away. */
export function sessionCookie(publicUrl: string, token: string | null, expiresAt?: Date): string {
  const secure = publicUrl.startsWith("https:") ? "; Secure" : "";
  const until = token === null ? "; Max-Age=0" : `; Expires=${expiresAt!.toUTCString()}`;
  return `${SESSION_COOKIE}=${token ?? ""}; Path=/; HttpOnly; SameSite=Lax${secure}${until}`;
}

/** What a browser calls itself, short. */
export function browserOf(request: Request): string {
  return request.headers.get("user-agent")?.slice(0, 200) || "unknown";
}
