// The credentials of administrators, for REST, tRPC and pages alike: the panel's cookie, or a token in the header. Every
// entry point gets its administrator here, so that none lets in a session without a second factor where one is required.
import { getAnalyticsActor } from "../domain/administrators/analytics_token.ts";
import type { AdministratorActor } from "../domain/administrators/administrators.ts";
import { getAdministratorActor } from "../domain/administrators/session_actor.ts";
import { requireSecondFactor } from "../domain/authorization.ts";
import { refuse } from "../domain/errors.ts";
import { administratorCookie, readCookie } from "./cookies.ts";
import type { RequestContext } from "./request_context.ts";

/**
 * The administrator who calls.
 *
 * @param now another instant than the request's, for a long-lived subscription
 * @throws DomainError SIGN_IN_REQUIRED, SECOND_FACTOR_MISSING; RequestError CROSS_SITE
 */
export async function identifyAdministrator(
  request: RequestContext,
  now?: Date,
): Promise<AdministratorActor> {
  return await checkFactors(request, await identifyIncompleteAdministrator(request, now));
}

/**
 * The same, also where the session lacks the second factor that is required: only for what adds or uses one, and for
 * signing out.
 *
 * @throws DomainError SIGN_IN_REQUIRED; RequestError CROSS_SITE
 */
export function identifyIncompleteAdministrator(
  request: RequestContext,
  now?: Date,
): Promise<AdministratorActor> {
  const token = bearerToken(request);
  if (token !== null) return getAdministratorActor(request.lookup(now), token);
  const cookie = readCookie(request, administratorCookie);
  if (cookie === null) refuse("SIGN_IN_REQUIRED");
  return getAdministratorActor(request.lookup(now), cookie);
}

/**
 * An administrator, or the bearer of a token that gives access to statistics alone.
 *
 * @throws DomainError SIGN_IN_REQUIRED, SECOND_FACTOR_MISSING; RequestError CROSS_SITE
 */
export async function identifyAnalyticsReader(request: RequestContext): Promise<AdministratorActor> {
  const token = bearerToken(request);
  // Session tokens are base64url without a dot; a JWT has two.
  if (!token?.includes(".")) return await identifyAdministrator(request);
  return await checkFactors(
    request,
    await getAnalyticsActor(request.lookup(), request.services.site.jwtSecret, token),
  );
}

async function checkFactors(request: RequestContext, actor: AdministratorActor): Promise<AdministratorActor> {
  request.actor = actor;
  requireSecondFactor(actor, await request.services.settings());
  return actor;
}

function bearerToken({ raw }: RequestContext): string | null {
  return raw.headers.get("authorization")?.match(/^Bearer +(\S{1,4096})$/i)?.[1] ?? null;
}
