// Sign-ins that are under way at the identity provider. Each is known by a random state (RFC 6749, section 10.12), belongs
// to one browser, is used once and lasts ten minutes.
import { randomBytes } from "node:crypto";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { tokenHash } from "../random_token.ts";

/** A row of `administrator_provider_requests`. */
export interface AdministratorProviderRequestRow {
  stateHash: Uint8Array;
  browserHash: Uint8Array;
  sessionId: number | null;
  nonce: string;
  codeVerifier: Uint8Array;
  returnTo: string;
  createdAt: Date;
  expiresAt: Date;
}

/** What is sent to the provider and has to come back. */
export interface ProviderSecrets {
  state: string;
  nonce: string;
  codeVerifier: string;
}

/** A request that came back. */
export interface ConsumedProviderRequest extends Omit<ProviderSecrets, "state"> {
  /** The session that is re-authenticated; null for a sign-in. */
  sessionId: number | null;
  returnTo: string;
  createdAt: Date;
}

/** Milliseconds. */
export const PROVIDER_REQUEST_LIFETIME = 10 * 60_000;

export const VERIFIER_PURPOSE = "identity provider";

/**
 * Where the browser goes after a sign-in: a path of the panel. Anything else could lead to another site.
 *
 * @returns "/dashboard" for what is no such path
 */
export function panelPath(given: string): string {
  const base = "https://panel.invalid";
  const url = /^\/(?![/\\])/.test(given) ? URL.parse(given, base) : null;
  return url?.origin === base && !/[\p{Cc}\\]/u.test(given) ? url.pathname + url.search : "/dashboard";
}

/**
 * Records that a sign-in begins, and deletes expired ones.
 *
 * @param request.sessionId the session that is re-authenticated; null for a sign-in
 * @returns the token that binds it to the browser
 */
export async function createProviderRequest(
  ctx: Context,
  request: ProviderSecrets & { sessionId: number | null; returnTo: string },
): Promise<{ browserToken: string; expiresAt: Date }> {
  const browserToken = randomBytes(32).toString("base64url");
  const expiresAt = new Date(ctx.now.getTime() + PROVIDER_REQUEST_LIFETIME);
  await ctx.db`
    delete from administrator_provider_requests
    where expires_at <= ${ctx.now}`;
  await ctx.db`
    insert into administrator_provider_requests (
      state_hash, browser_hash, session_id, nonce, code_verifier, return_to, created_at, expires_at
    ) values (
      ${tokenHash(request.state)}, ${tokenHash(browserToken)}, ${request.sessionId}, ${request.nonce},
      ${ctx.cipher.encrypt(VERIFIER_PURPOSE, request.codeVerifier)}, ${
    panelPath(request.returnTo)
  }, ${ctx.now},
      ${expiresAt}
    )`;
  return { browserToken, expiresAt };
}

/**
 * Uses a request up, in the statement that checks it.
 *
 * @throws DomainError `IDENTITY_REFUSED` when it is unknown, used, expired or of another browser
 */
export async function consumeProviderRequest(
  ctx: Context,
  { state, browserToken }: { state: string | null; browserToken: string | null },
): Promise<ConsumedProviderRequest> {
  if (state === null || browserToken === null) refuse("IDENTITY_REFUSED", { reason: "not_started_here" });
  const [request] = await ctx.db<AdministratorProviderRequestRow[]>`
    delete from administrator_provider_requests
    where state_hash = ${tokenHash(state)} and browser_hash = ${tokenHash(browserToken)}
      and expires_at > ${ctx.now}
    returning *`;
  if (!request) refuse("IDENTITY_REFUSED", { reason: "not_started_here" });
  const { sessionId, nonce, returnTo, createdAt } = request;
  const codeVerifier = new TextDecoder().decode(ctx.cipher.decrypt(VERIFIER_PURPOSE, request.codeVerifier));
  return { sessionId, nonce, codeVerifier, returnTo, createdAt };
}
