// The way to the identity provider and back, for REST and tRPC alike: what is bound to the browser by a cookie, and where
// the browser goes afterwards.
import { completeIdentitySignIn, signInWithIdentity } from "../domain/administrators/identity_sign_in.ts";
import { reauthenticateWithIdentity } from "../domain/administrators/identity_reauthentication.ts";
import { consumeProviderRequest, createProviderRequest } from "../domain/administrators/provider_requests.ts";
import type { SignedIn } from "../domain/administrators/sign_in.ts";
import type { Context } from "../domain/context.ts";
import { DomainError, type IdentityRefusal, refuse } from "../domain/errors.ts";
import { administratorCookie, clearCookie, providerCookie, readCookie, setCookie } from "./cookies.ts";
import { describeApiError } from "./error_form.ts";
import type { IdentityProvider } from "./identity_provider.ts";
import type { RequestContext } from "./request_context.ts";
import { type ApiError, RequestError } from "./request_error.ts";

/** The page that asks for the code of a second factor. */
const CODE_PAGE = "/sign-in?step=code";

function providerOf({ services }: RequestContext): IdentityProvider {
  return services.identityProvider ?? refuse("NOT_FOUND");
}

/**
 * Begins a sign-in, or the re-authentication of the caller's session.
 *
 * @returns the address at the provider that the browser opens
 * @throws DomainError `NOT_FOUND` when no provider is configured; RequestError IDENTITY_PROVIDER_UNAVAILABLE
 */
export async function beginProviderSignIn(
  request: RequestContext,
  ctx: Context,
  { returnTo, isReauthentication }: { returnTo: string; isReauthentication: boolean },
): Promise<{ url: string }> {
  const provider = providerOf(request);
  const session = ctx.actor.kind === "administrator" ? ctx.actor.session : undefined;
  if (isReauthentication && session?.kind !== "session") refuse("FORBIDDEN");
  const { url, ...secrets } = await provider.begin({ isReauthentication });
  const sessionId = isReauthentication ? session!.id : null;
  const begun = await createProviderRequest(ctx, { ...secrets, sessionId, returnTo });
  setCookie(request, providerCookie, begun.browserToken, begun.expiresAt);
  return { url };
}

/**
 * Takes the provider's answer: signs the browser in, or records the re-authentication.
 *
 * @param answer.search the query of the answer as it was sent
 * @returns the path that the browser goes to
 * @throws DomainError `NOT_FOUND`, `IDENTITY_REFUSED`; RequestError IDENTITY_PROVIDER_UNAVAILABLE
 */
export async function finishProviderSignIn(
  request: RequestContext,
  ctx: Context,
  answer: { search: string; state: string | null },
): Promise<string> {
  const provider = providerOf(request);
  const browserToken = readCookie(request, providerCookie);
  clearCookie(request, providerCookie);
  const begun = await consumeProviderRequest(ctx, { state: answer.state, browserToken });
  const identity = await provider.finish(answer.search, { ...begun, state: answer.state! });
  const { policy } = provider;
  if (begun.sessionId !== null) {
    await reauthenticateWithIdentity(ctx, {
      identity,
      policy,
      sessionId: begun.sessionId,
      since: begun.createdAt,
    });
    return begun.returnTo;
  }
  const { userAgent: browser, address: ip } = request;
  const outcome = await signInWithIdentity(ctx, { identity, policy, returnTo: begun.returnTo, browser, ip });
  if ("pendingToken" in outcome) {
    request.cookies.length = 0;
    setCookie(request, providerCookie, outcome.pendingToken, outcome.expiresAt);
    return CODE_PAGE;
  }
  setCookie(request, administratorCookie, outcome.signedIn.token, outcome.signedIn.expiresAt);
  return begun.returnTo;
}

/**
 * Completes a sign-in with the code of the account's own second factor.
 *
 * @throws DomainError `NOT_FOUND`, `IDENTITY_REFUSED`, `SECOND_FACTOR_REQUIRED`, `RATE_LIMITED`
 */
export async function completeProviderSignIn(
  request: RequestContext,
  ctx: Context,
  code: string,
): Promise<SignedIn & { returnTo: string }> {
  const { policy } = providerOf(request);
  const { userAgent: browser, address: ip } = request;
  const token = readCookie(request, providerCookie);
  const signedIn = await completeIdentitySignIn(ctx, { token, code, policy, browser, ip });
  clearCookie(request, providerCookie);
  return signedIn;
}

/** The sign-in page with what went wrong, by a name of a closed list. */
export function problemPage(error: ApiError): string {
  const name = error.code === "IDENTITY_REFUSED" && "reason" in error.facts
    ? String(error.facts.reason)
    : error.code === "IDENTITY_PROVIDER_UNAVAILABLE"
    ? "unavailable"
    : error.code === "RATE_LIMITED"
    ? "too_many"
    : "failed";
  return `/sign-in?problem=${name}`;
}

const refusals = {
  another_person: true,
  denied: true,
  disabled: true,
  email_not_verified: true,
  invalid_answer: true,
  last_owner: true,
  linked_to_another: true,
  no_role: true,
  not_asked_again: true,
  not_started_here: true,
  unknown: true,
} satisfies Record<IdentityRefusal, true>;

/** The sentence of a problem that the sign-in page was opened with; null for a name that is on no list. */
export function describeProblem(name: string | undefined): string | null {
  if (name === undefined) return null;
  if (Object.hasOwn(refusals, name)) {
    return describeApiError(new DomainError("IDENTITY_REFUSED", { reason: name as IdentityRefusal })).message;
  }
  switch (name) {
    case "unavailable":
      return describeApiError(new RequestError("IDENTITY_PROVIDER_UNAVAILABLE", { retryAfter: 5 })).message;
    case "too_many":
      return "Too many attempts. Wait a minute and try again.";
    case "failed":
      return "The sign-in failed. Try again in a moment; if it persists, the server's log has the reason.";
    default:
      return null;
  }
}
