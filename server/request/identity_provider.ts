// The company's identity provider (OpenID Connect): authorization code with PKCE, state and nonce, by `openid-client`. Its
// configuration is discovered when it is first needed and again every hour, so that the server starts and serves without it.
import { importJWK, type JWK, SignJWT } from "jose";
import type * as OpenId from "openid-client";
import type { Clock } from "../../db/clock.ts";
import type { Config } from "../config.ts";
import type { Identity, IdentityPolicy } from "../domain/administrators/identity.ts";
import type { SignInPolicy } from "../domain/context.ts";
import { refuse } from "../domain/errors.ts";
import { lazy } from "../domain/lazy.ts";
import type { ProviderSecrets } from "../domain/administrators/provider_requests.ts";
import { readIdentity } from "./identity_claims.ts";
import { describeError, type Log } from "./log.ts";
import { RequestError } from "./request_error.ts";

const loadOpenId = lazy(() => import("openid-client"));

/** Where the provider sends the browser back to. */
export const CALLBACK_PATH = "/api/admin/login/callback";

/** How long the provider may take to answer a request; seconds. */
const TIMEOUT = 5;
/** How long a discovered configuration is used; milliseconds. */
const DISCOVERY_LIFETIME = 3_600_000;
/** The age of the provider's own session above which it asks for credentials again, and says when it did; seconds. */
const MAX_AGE = 14 * 86_400;

/** What the settings page shows. */
export interface IdentityProviderState {
  name: string;
  issuer: string;
  clientId: string;
  redirectUri: string;
  isRequired: boolean;
  breakGlass: string | null;
  roleClaim: string | null;
  roles: { role: string; value: string }[];
  createsAdministrators: boolean;
  secondFactor: string[];
  /** Why it cannot be used now; null when it can. */
  problem: string | null;
}

export interface IdentityProvider {
  policy: IdentityPolicy;
  signInPolicy: SignInPolicy;
  /**
   * Begins a sign-in.
   *
   * @param options.isReauthentication whether the provider has to ask for the credential again
   * @throws RequestError IDENTITY_PROVIDER_UNAVAILABLE
   */
  begin(options: { isReauthentication: boolean }): Promise<ProviderSecrets & { url: string }>;
  /**
   * Exchanges the code of an answer and verifies the ID token: signature, issuer, audience, times, nonce.
   *
   * @param search the query of the answer
   * @throws DomainError `IDENTITY_REFUSED`; RequestError IDENTITY_PROVIDER_UNAVAILABLE
   */
  finish(search: string, expected: ProviderSecrets): Promise<Identity>;
  /** Where the browser signs out at the provider; null when the provider has no such address or does not answer. */
  signOutUrl(idToken: string): Promise<string | null>;
  state(): Promise<IdentityProviderState>;
}

/**
 * The configured identity provider; null without one.
 *
 * @param clock the time that its tokens are checked by; null: that of this machine
 */
export function openIdentityProvider(config: Config, log: Log, clock: Clock | null): IdentityProvider | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = config;
  if (!issuer || !clientId) return null;
  const name = config.OIDC_NAME ?? new URL(issuer).hostname;
  const redirectUri = config.PUBLIC_URL.replace(/\/$/, "") + CALLBACK_PATH;
  const roleClaim = config.OIDC_ROLE_CLAIM ?? null;
  const signInPolicy = {
    isProviderRequired: config.OIDC_REQUIRED,
    breakGlass: config.OIDC_BREAK_GLASS ?? null,
  };
  const policy: IdentityPolicy = {
    name,
    roles: roleClaim === null ? null : config.OIDC_ROLES,
    createsAdministrators: config.OIDC_CREATE_ADMINISTRATORS,
    secondFactor: config.OIDC_SECOND_FACTOR,
  };
  let discovered: { at: number; clockSkew: number; client: Promise<OpenId.Configuration> } | null = null;
  /** What the library adds to the time of this machine; seconds. */
  const currentSkew = () => Math.round(-(clock?.difference() ?? 0) / 1000);

  /** Concurrent callers share a discovery; a failed one is tried again by the next caller. */
  function discover(): Promise<OpenId.Configuration> {
    const clockSkew = currentSkew();
    const isCurrent = discovered && performance.now() - discovered.at < DISCOVERY_LIFETIME &&
      Math.abs(discovered.clockSkew - clockSkew) <= 1;
    if (discovered && isCurrent) return discovered.client;
    const client = discoverClient(config, { issuer: issuer!, clientId: clientId!, clock, clockSkew });
    const attempt = discovered = { at: performance.now(), clockSkew, client };
    client.catch(() => {
      if (discovered === attempt) discovered = null;
    });
    return client;
  }

  async function reach(): Promise<OpenId.Configuration> {
    try {
      return await discover();
    } catch (error) {
      log.warn("identity provider unavailable", { issuer, ...describeError(error) });
      throw new RequestError("IDENTITY_PROVIDER_UNAVAILABLE", { retryAfter: TIMEOUT });
    }
  }

  return {
    policy,
    signInPolicy,
    async begin({ isReauthentication }) {
      const client = await reach();
      const oidc = await loadOpenId();
      const secrets = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        codeVerifier: oidc.randomPKCECodeVerifier(),
      };
      const url = oidc.buildAuthorizationUrl(client, {
        response_type: "code",
        redirect_uri: redirectUri,
        scope: config.OIDC_SCOPE,
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(secrets.codeVerifier),
        code_challenge_method: "S256",
        ...(isReauthentication ? { prompt: "login", max_age: "0" } : { max_age: String(MAX_AGE) }),
      });
      return { ...secrets, url: url.href };
    },

    async finish(search, { state, nonce, codeVerifier }) {
      const client = await reach();
      const oidc = await loadOpenId();
      try {
        const tokens = await oidc.authorizationCodeGrant(client, new URL(redirectUri + search), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        });
        return await readIdentity(oidc, client, tokens, roleClaim);
      } catch (error) {
        // The provider or the person said no (RFC 6749, section 4.1.2.1).
        if (error instanceof oidc.AuthorizationResponseError) {
          log.warn("identity provider refused a sign-in", { issuer, error: error.error });
          refuse("IDENTITY_REFUSED", { reason: "denied" });
        }
        if (isUnreachable(error)) {
          log.warn("identity provider unavailable", { issuer, ...describeError(error) });
          throw new RequestError("IDENTITY_PROVIDER_UNAVAILABLE", { retryAfter: TIMEOUT });
        }
        log.warn("answer of the identity provider refused", { issuer, ...describeError(error) });
        refuse("IDENTITY_REFUSED", { reason: "invalid_answer" });
      }
    },

    async signOutUrl(idToken) {
      const client = await discover().catch(() => null);
      if (!client?.serverMetadata().end_session_endpoint) return null;
      const oidc = await loadOpenId();
      return oidc.buildEndSessionUrl(client, {
        id_token_hint: idToken,
        post_logout_redirect_uri: new URL("/sign-in", config.PUBLIC_URL).href,
      }).href;
    },

    async state() {
      const problem = await discover().then(() => null, (error) => describeProblem(error));
      return {
        name,
        issuer,
        clientId,
        redirectUri,
        isRequired: signInPolicy.isProviderRequired,
        breakGlass: signInPolicy.breakGlass,
        roleClaim,
        roles: config.OIDC_ROLES,
        createsAdministrators: policy.createsAdministrators,
        secondFactor: policy.secondFactor.map(({ claim, value }) => `${claim}=${value}`),
        problem,
      };
    },
  };
}

/** Reads the provider's configuration; its issuer has to be the one of ours (OpenID Connect Discovery 1.0, section 4.3). */
async function discoverClient(
  config: Config,
  { issuer, clientId, clock, clockSkew }: {
    issuer: string;
    clientId: string;
    clock: Clock | null;
    clockSkew: number;
  },
): Promise<OpenId.Configuration> {
  const { OIDC_CLIENT_KEY: key, OIDC_CLIENT_SECRET: secret } = config;
  const isLocal = new URL(issuer).protocol === "http:";
  const oidc = await loadOpenId();
  return await oidc.discovery(
    new URL(issuer),
    clientId,
    { [oidc.clockSkew]: clockSkew },
    key ? privateKeyJwt(key, clock) : clientSecret(oidc, secret!),
    {
      timeout: TIMEOUT,
      // Without it the signature of an ID token that came over TLS is not verified.
      execute: [oidc.enableNonRepudiationChecks, ...(isLocal ? [oidc.allowInsecureRequests] : [])],
    },
  );
}

/**
 * Authentication by a shared secret, as the provider accepts it: a provider that says nothing accepts `client_secret_basic`
 * (OpenID Connect Discovery 1.0, section 3).
 */
function clientSecret(oidc: typeof OpenId, secret: string): OpenId.ClientAuth {
  const inBody = oidc.ClientSecretPost(secret);
  const inHeader = oidc.ClientSecretBasic(secret);
  return (server, client, body, headers) => {
    const isInBody = server.token_endpoint_auth_methods_supported?.includes("client_secret_post");
    return (isInBody ? inBody : inHeader)(server, client, body, headers);
  };
}

/** Authentication by a signed assertion in place of a shared secret (RFC 7523, section 2.2; OpenID Connect Core 1.0, section 9). */
function privateKeyJwt(key: JWK, clock: Clock | null): OpenId.ClientAuth {
  return async (server, { client_id }, body) => {
    const issuedAt = clock?.now();
    const assertion = await new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: key.alg!, kid: key.kid })
      .setIssuer(client_id)
      .setSubject(client_id)
      .setAudience(server.issuer)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt ? new Date(issuedAt.getTime() + 60_000) : "1 minute")
      .sign(await importJWK(key, key.alg));
    body.set("client_id", client_id);
    body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    body.set("client_assertion", assertion);
  };
}

/** Nothing answered in time, or with a 5xx. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof TypeError && !("code" in error)) return true;
  const { code, status, cause } = error as Error & { code?: string; status?: number };
  if (code === "OAUTH_TIMEOUT" || error.name === "TimeoutError" || error.name === "AbortError") return true;
  const answer = cause instanceof Response ? cause.status : status;
  return answer !== undefined && answer >= 500;
}

function describeProblem(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error instanceof Error ? error.message : String(error)}${cause}`;
}
