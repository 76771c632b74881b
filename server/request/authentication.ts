// The credentials of administrators, for REST, tRPC and pages alike: the panel's cookie, or a token in the header.
import { getAnalyticsActor } from "../domain/administrators/analytics_token.ts";
import type { AdministratorActor } from "../domain/administrators/administrators.ts";
import { getAdministratorActor } from "../domain/administrators/session_actor.ts";
import { refuse } from "../domain/errors.ts";
import { administratorCookie, readCookie } from "./cookies.ts";
import { requireSameSite } from "./csrf.ts";
import type { RequestContext } from "./request_context.ts";

/**
 * The administrator who calls.
 *
 * @param now another instant than the request's, for a long-lived subscription
 * @throws DomainError SIGN_IN_REQUIRED; RequestError CROSS_SITE
 */
export function identifyAdministrator(request: RequestContext, now?: Date): Promise<AdministratorActor> {
  const token = bearerToken(request);
  if (token !== null) return getAdministratorActor(request.lookup(now), token);
  const cookie = readCookie(request, administratorCookie);
  if (cookie === null) refuse("SIGN_IN_REQUIRED");
  requireSameSite(request, true);
  return getAdministratorActor(request.lookup(now), cookie);
}

/**
 * The same where a token that gives access to statistics alone is accepted too.
 *
 * @throws DomainError SIGN_IN_REQUIRED; RequestError CROSS_SITE
 */
export function identifyAnalyticsReader(request: RequestContext): Promise<AdministratorActor> {
  const token = bearerToken(request);
  // Session tokens are base64url without a dot; a JWT has two.
  return token?.includes(".")
    ? getAnalyticsActor(request.lookup(), request.services.site.jwtSecret, token)
    : identifyAdministrator(request);
}

function bearerToken({ raw }: RequestContext): string | null {
  return raw.headers.get("authorization")?.match(/^Bearer +(\S{1,4096})$/i)?.[1] ?? null;
}
