// A real OpenID Connect provider on a free port, whose people are set by the test, and a browser that follows redirects with
// cookies, without a screen.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";

/** What the provider says of a person. */
export interface Person {
  email?: string;
  email_verified?: boolean;
  name?: string;
  groups?: string[];
}

export interface TestProvider {
  issuer: string;
  /** The variables of a server that uses it. */
  variables: Record<string, string>;
  people: Map<string, Person>;
  /** Who signs in next, by which methods; `isRefused` when they cancel. */
  login: { as: string; amr?: string[]; acr?: string; isRefused?: boolean; at?: number };
  /** How often a person was asked for their credentials. */
  asked(): number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** The part that is used here; the package has no types. */
interface GrantContext {
  oidc: { client: { clientId: string }; session: { accountId: string } };
}

export const CLIENT = { client_id: "latchkey", client_secret: "the secret of the tests' client" };

/** Starts a provider for a server at that address. */
export async function startIdentityProvider(publicUrl: string): Promise<TestProvider> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const people = new Map<string, Person>();
  let asked = 0;
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [{
      ...CLIENT,
      redirect_uris: [`${publicUrl}/api/admin/login/callback`],
      post_logout_redirect_uris: [`${publicUrl}/sign-in`],
      token_endpoint_auth_method: "client_secret_post",
    }],
    jwks: { keys: [{ ...await exportJWK(privateKey), alg: "RS256", use: "sig", kid: "tests" }] },
    cookies: { keys: ["the cookies of the tests"] },
    claims: {
      openid: ["sub", "groups", "amr", "acr"],
      email: ["email", "email_verified"],
      profile: ["name"],
    },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(ctx: { body: string }, form: string) {
          ctx.body =
            `<!doctype html>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out there</button>`;
        },
      },
    },
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_ctx: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, ...people.get(id), amr: running.login.amr, acr: running.login.acr }),
    }),
    async loadExistingGrant(ctx: GrantContext) {
      const grant = new provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  const handle = provider.callback();
  const running: TestProvider = {
    issuer,
    variables: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: CLIENT.client_id,
      OIDC_CLIENT_SECRET: CLIENT.client_secret,
      OIDC_NAME: "Acme ID",
    },
    people,
    login: { as: "nobody-yet" },
    asked: () => asked,
    stop: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
    start: () => new Promise((resolve) => http.listen(port, "127.0.0.1", resolve)),
  };
  http.on("request", async (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return handle(request, response);
    asked++;
    const { as, amr, acr, isRefused, at } = running.login;
    await provider.interactionFinished(
      request,
      response,
      isRefused ? { error: "access_denied" } : { login: { accountId: as, amr, acr, ts: at } },
      { mergeWithLastSubmission: false },
    );
  });
  return running;
}

/** A browser without a screen: it keeps cookies by host and path, and follows redirects one by one. */
export function createBrowser(userAgent = "tests") {
  const cookies = new Map<string, string>();
  /** Cookies belong to a host, not to a port; here to an origin, which is enough. */
  const jarOf = (url: URL) => `${url.origin} `;

  async function visit(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address);
    const headers = new Headers(init.headers);
    headers.set("user-agent", userAgent);
    const own = [...cookies].filter(([name]) => name.startsWith(jarOf(url)))
      .map(([name, value]) => `${name.slice(jarOf(url).length)}=${value}`);
    if (own.length > 0) headers.set("cookie", own.join("; "));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const given of response.headers.getSetCookie()) {
      const [, name, value] = given.match(/^([^=]+)=([^;]*)/)!;
      const isGone = value === "" || /max-age=0|expires=Thu, 01 Jan 1970/i.test(given);
      if (isGone) cookies.delete(jarOf(url) + name);
      else cookies.set(jarOf(url) + name, value);
    }
    return response;
  }

  /** Follows redirects until a page or an address that `stopAt` accepts; returns that address. */
  async function follow(address: string, stopAt: (url: URL) => boolean): Promise<URL> {
    let url = new URL(address);
    for (let step = 0; step < 20 && !stopAt(url); step++) {
      const response = await visit(url.href);
      await response.body?.cancel();
      const location = response.headers.get("location");
      if (location === null) return url;
      url = new URL(location, url);
    }
    return url;
  }

  return { visit, follow, cookies };
}
