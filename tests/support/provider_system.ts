// A server with a real OpenID Connect provider, for tests that sign in with it over HTTP.
import assert from "node:assert/strict";
import { freePort } from "../../db/embedded/free_port.ts";
import { createBrowser, startIdentityProvider, type TestProvider } from "./identity_provider.ts";
import { openPanel } from "./panel.ts";
import { startTestServer } from "./server.ts";

export type TestBrowser = ReturnType<typeof createBrowser>;

/** Starts both. The roles are: owner=license-owners, manager=sales, viewer=staff, viewer=support. */
export async function startProviderSystem() {
  const port = freePort();
  const PUBLIC_URL = `http://127.0.0.1:${port}`;
  const provider = await startIdentityProvider(PUBLIC_URL);
  const policy: Record<string, string> = {
    PUBLIC_URL,
    ...provider.variables,
    OIDC_ROLE_CLAIM: "groups",
    OIDC_ROLES: "owner=license-owners, manager=sales, viewer=staff, viewer=support",
    OIDC_CREATE_ADMINISTRATORS: "true",
    OIDC_SECOND_FACTOR: "amr=mfa, acr=phr",
  };
  const server = await startTestServer({ PORT: String(port), ...policy });
  const isHere = (url: URL) => url.origin === PUBLIC_URL && url.pathname !== "/api/admin/login/callback";

  /** Begins a sign-in and returns the provider's address. */
  async function start(browser: TestBrowser, returnTo?: string, at = server.url): Promise<string> {
    const response = await browser.visit(`${at}/api/admin/login/provider`, {
      method: "POST",
      headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
      body: JSON.stringify(returnTo === undefined ? {} : { return_to: returnTo }),
    });
    const body = await response.json();
    assert.equal(response.status, 200, JSON.stringify(body));
    return body.url;
  }

  /** Signs in as a person of the provider; returns where the browser ends. */
  async function signIn(
    login: TestProvider["login"],
    { browser = createBrowser(), returnTo }: { browser?: TestBrowser; returnTo?: string } = {},
  ) {
    provider.login = login;
    const url = await browser.follow(await start(browser, returnTo), isHere);
    const token = browser.cookies.get(`${PUBLIC_URL} latchkey_session`);
    return { path: url.pathname + url.search, token, browser, ...openPanel(server, token) };
  }

  /** Adds a person with these groups to the provider, or replaces one. */
  const add = (subject: string, groups: string[], more: Record<string, unknown> = {}) =>
    provider.people.set(subject, {
      email: `${subject}@acme.example`,
      email_verified: true,
      name: `Person ${subject}`,
      groups,
      ...more,
    });

  return {
    PUBLIC_URL,
    provider,
    policy,
    server,
    isHere,
    start,
    signIn,
    add,
    async stop(): Promise<void> {
      await server.stop();
      await provider.stop();
    },
  };
}
