// Attacks on the sign-in with an identity provider: answers that are forged, expired, repeated, of another provider, browser
// or request. Every case signs in no one; the same token without the fault signs in.
import assert from "node:assert/strict";
import { exportJWK, generateKeyPair, jwtVerify } from "jose";
import { freePort } from "../../db/embedded/free_port.ts";
import { panelPath } from "../../server/domain/administrators/provider_requests.ts";
import { ConfigError, readEnvironment } from "../../server/config.ts";
import { startHostileProvider } from "../support/hostile_provider.ts";
import { createBrowser } from "../support/identity_provider.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const CLIENT = "latchkey";
const SECRET = "the secret of the tests' client";
const provider = await startHostileProvider(CLIENT);
const port = freePort();
const PUBLIC_URL = `http://127.0.0.1:${port}`;
const variables = {
  OIDC_ISSUER: provider.issuer,
  OIDC_CLIENT_ID: CLIENT,
  OIDC_CLIENT_SECRET: SECRET,
  OIDC_ROLE_CLAIM: "groups",
  OIDC_ROLES: "owner=owners, viewer=staff",
  OIDC_CREATE_ADMINISTRATORS: "true",
};
const server = await startTestServer({ PORT: String(port), PUBLIC_URL, ...variables });
let number = 0;

/** Begins a sign-in; the claims are those of a right answer. */
async function begin(returnTo = "/licenses") {
  const browser = createBrowser();
  const response = await browser.visit(`${PUBLIC_URL}/api/admin/login/provider`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ return_to: returnTo }),
  });
  const query = new URL((await response.json()).url).searchParams;
  const state = query.get("state")!;
  const subject = `s${++number}`;
  const claims = {
    sub: subject,
    nonce: query.get("nonce")!,
    email: `${subject}@acme.example`,
    email_verified: true,
    groups: ["staff"],
  };
  const right = { code: `code ${number}`, state, iss: provider.issuer };
  async function answer(
    token: Promise<string> | string,
    given: Record<string, string> = right,
    by = browser,
  ) {
    provider.secrets.answer = () => token;
    const response = await by.visit(
      `${PUBLIC_URL}/api/admin/login/callback?${new URLSearchParams(given)}`,
    );
    await response.body?.cancel();
    assert.equal(response.status, 303);
    return {
      location: response.headers.get("location"),
      isSignedIn: by.cookies.has(`${PUBLIC_URL} latchkey_session`),
    };
  }
  return { browser, query, claims, right, answer };
}

const invalid = { location: "/sign-in?problem=invalid_answer", isSignedIn: false };
const foreign = { location: "/sign-in?problem=not_started_here", isSignedIn: false };

test("The request has PKCE, state and nonce, and the right answer signs in", async () => {
  const { query, claims, answer } = await begin();
  assert.deepEqual(
    [query.get("response_type"), query.get("code_challenge_method"), query.get("redirect_uri")],
    ["code", "S256", `${PUBLIC_URL}/api/admin/login/callback`],
  );
  for (const name of ["state", "nonce", "code_challenge"]) assert.ok(query.get(name)!.length >= 43, name);
  assert.deepEqual(await answer(provider.sign(claims)), { location: "/licenses", isSignedIn: true });
});

const hour = 3600;
const seconds = () => Math.floor(Date.now() / 1000);
type Claims = Awaited<ReturnType<typeof begin>>["claims"];
const tokens: Record<string, (claims: Claims) => Promise<string> | string> = {
  "alg none": (claims) => provider.sign(claims, { alg: "none" }),
  "the client's secret as the key": (claims) => provider.sign(claims, { secret: SECRET }),
  "another key": (claims) => provider.sign(claims, { foreignKey: true }),
  "a changed claim": async (claims) => {
    const [header, , signature] = (await provider.sign(claims)).split(".");
    const [, payload] = (await provider.sign({ ...claims, groups: ["owners"] }, { foreignKey: true })).split(
      ".",
    );
    return `${header}.${payload}.${signature}`;
  },
  "a wrong nonce": (claims) => provider.sign({ ...claims, nonce: "another" }),
  "no nonce": ({ nonce: _, ...claims }) => provider.sign(claims),
  "another issuer": (claims) => provider.sign({ ...claims, iss: "https://login.other.example" }),
  "another audience": (claims) => provider.sign({ ...claims, aud: "another client" }),
  "several audiences without azp": (claims) => provider.sign({ ...claims, aud: [CLIENT, "another"] }),
  "the azp of another client": (claims) => provider.sign({ ...claims, azp: "another", aud: [CLIENT, "x"] }),
  "an expiry in the past": (claims) =>
    provider.sign({ ...claims, iat: seconds() - 2 * hour, exp: seconds() - hour }),
  "a beginning in the future": (claims) => provider.sign({ ...claims, nbf: seconds() + hour }),
  "no subject": ({ sub: _, ...claims }) => provider.sign(claims),
  "no token": () => "",
};
for (const [fault, make] of Object.entries(tokens)) {
  test(`An ID token with ${fault} signs in no one`, async () => {
    const { claims, answer } = await begin();
    assert.deepEqual(await answer(make(claims)), invalid);
    const rows = await server.db`select 1 from administrators where email = ${claims.email}`;
    assert.equal(rows.length, 0);
  });
}

test("The times of an ID token are checked by the database's time, not by that of the machine", async () => {
  const { clock } = server.server.services;
  const { difference } = clock;
  // As on a machine that is an hour behind.
  clock.difference = () => -hour * 1000;
  const early = await begin();
  assert.deepEqual(await early.answer(provider.sign(early.claims)), invalid, "expired an hour ago");
  const { claims, answer } = await begin();
  const times = { iat: seconds() + hour, auth_time: seconds() + hour, exp: seconds() + hour + 300 };
  assert.equal((await answer(provider.sign({ ...claims, ...times }))).isSignedIn, true);
  clock.difference = difference;
});

test("An answer of another provider is refused (mix-up, RFC 9207)", async () => {
  const { claims, right, answer } = await begin();
  assert.deepEqual(
    await answer(provider.sign(claims), { ...right, iss: "https://login.other.example" }),
    invalid,
  );
  const again = await begin();
  const { iss: _, ...without } = again.right;
  assert.deepEqual(await again.answer(provider.sign(again.claims), without), invalid);
});

test("A state that is unknown, missing, used, of another browser or too old is refused", async () => {
  const wrong = await begin();
  assert.deepEqual(await wrong.answer(provider.sign(wrong.claims), { ...wrong.right, state: "x" }), foreign);
  const { state: _, ...without } = wrong.right;
  assert.deepEqual(await wrong.answer(provider.sign(wrong.claims), without), foreign);

  const stolen = await begin();
  assert.deepEqual(await stolen.answer(provider.sign(stolen.claims), stolen.right, createBrowser()), foreign);
  const victim = await begin();
  assert.deepEqual(await stolen.answer(provider.sign(stolen.claims), stolen.right, victim.browser), foreign);

  const late = await begin();
  await server.db`update administrator_provider_requests set expires_at = now() - interval '1 second'`;
  assert.deepEqual(await late.answer(provider.sign(late.claims)), foreign);
});

test("The same answer 50 times at once signs in once", async () => {
  const { browser, claims, right } = await begin();
  provider.secrets.answer = () => provider.sign(claims);
  const copies = Array.from({ length: 50 }, () => {
    const copy = createBrowser();
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    return copy;
  });
  await Promise.all(copies.map(async (copy) => {
    const url = `${PUBLIC_URL}/api/admin/login/callback?${new URLSearchParams(right)}`;
    await (await copy.visit(url)).body?.cancel();
  }));
  const signedIn = copies.filter(({ cookies }) => cookies.has(`${PUBLIC_URL} latchkey_session`));
  assert.equal(signedIn.length, 1);
});

test("A code that was used is refused by the provider, and so is the sign-in", async () => {
  const first = await begin();
  assert.equal((await first.answer(provider.sign(first.claims))).isSignedIn, true);
  const second = await begin();
  const replayed = { ...second.right, code: first.right.code };
  assert.deepEqual(await second.answer(provider.sign(second.claims), replayed), invalid);
});

test("Nothing leads to another site afterwards", async () => {
  const given: Record<string, string> = {
    "/licenses?q=a": "/licenses?q=a",
    "": "/dashboard",
    "//evil.example": "/dashboard",
    "/\\evil.example": "/dashboard",
    "/\t/evil.example": "/dashboard",
    "https://evil.example": "/dashboard",
    "javascript:alert(1)": "/dashboard",
    "evil": "/dashboard",
    "/a\r\nset-cookie: x=y": "/dashboard",
  };
  for (const [path, expected] of Object.entries(given)) assert.equal(panelPath(path), expected, path);
  const { claims, answer } = await begin("//evil.example/");
  assert.equal((await answer(provider.sign(claims))).location, "/dashboard");
});

test("Only hashes of states are stored, and nothing secret is logged", async () => {
  const { query, browser } = await begin();
  const rows = await server.db`select to_jsonb(r)::text as row from administrator_provider_requests r`;
  const secrets = [query.get("state")!, browser.cookies.get(`${PUBLIC_URL} latchkey_provider`)!];
  for (const secret of secrets) assert.ok(rows.every(({ row }) => !row.includes(secret)));
  assert.doesNotMatch(server.logged(), new RegExp(`${SECRET}|${query.get("nonce")}`));
  assert.match(server.logged(), /answer of the identity provider refused/);
});

test("A provider whose metadata name another issuer is not used", async () => {
  const OIDC_ISSUER = provider.issuer.replace("127.0.0.1", "localhost");
  const other = await startTestServer({ ...variables, PUBLIC_URL, OIDC_ISSUER }, server);
  const refused = await other.post("/api/admin/login/provider", {}, { "x-api-key": null });
  assert.equal(refused.body.error.code, "IDENTITY_PROVIDER_UNAVAILABLE");
  assert.match(other.logged(), /identity provider unavailable.*issuer/);
  await other.stop();
});

/** Signs in at another server with a right answer; returns where that leads. */
async function signInAt({ url }: { url: string }, subject: string, options?: { foreignKey: boolean }) {
  const browser = createBrowser();
  const begun = await browser.visit(`${url}/api/admin/login/provider`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const query = new URL((await begun.json()).url).searchParams;
  const claims = { sub: subject, nonce: query.get("nonce")!, email: `${subject}@acme.example` };
  provider.secrets.answer = () =>
    provider.sign({ ...claims, email_verified: true, groups: ["staff"] }, options);
  const given = new URLSearchParams({ code: subject, state: query.get("state")!, iss: provider.issuer });
  const answer = await browser.visit(`${url}/api/admin/login/callback?${given}`);
  await answer.body?.cancel();
  return answer.headers.get("location");
}

test("A provider that names no method gets the secret in the header, and its tokens are checked alike", async () => {
  provider.secrets.authentication = undefined;
  const other = await startTestServer({ ...variables, PUBLIC_URL }, server);
  assert.equal(await signInAt(other, "basic"), "/dashboard");
  const { lastAuthorization, lastRequest } = provider.secrets;
  // Encoded like a form (RFC 6749, section 2.3.1).
  const encoded = new URLSearchParams({ secret: SECRET }).toString().replace("secret=", "");
  assert.equal(lastAuthorization, `Basic ${btoa(`${CLIENT}:${encoded}`)}`);
  assert.equal(lastRequest.has("client_secret"), false);
  assert.equal(
    await signInAt(other, "basic-forged", { foreignKey: true }),
    "/sign-in?problem=invalid_answer",
  );
  await other.stop();
  provider.secrets.authentication = ["client_secret_post"];
});

test("With OIDC_CLIENT_KEY the client authenticates by a signed assertion in place of a secret", async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const OIDC_CLIENT_KEY = JSON.stringify({ ...await exportJWK(privateKey), alg: "ES256", kid: "client" });
  const { OIDC_CLIENT_SECRET: _, ...withoutSecret } = variables;
  const other = await startTestServer({ ...withoutSecret, PUBLIC_URL, OIDC_CLIENT_KEY }, server);
  assert.equal(await signInAt(other, "keyed"), "/dashboard");
  const { lastRequest } = provider.secrets;
  assert.equal(lastRequest.has("client_secret"), false);
  const { payload } = await jwtVerify(lastRequest.get("client_assertion")!, publicKey, {
    issuer: CLIENT,
    subject: CLIENT,
    audience: provider.issuer,
  });
  assert.ok(payload.jti && payload.exp! - payload.iat! <= 60);
  await other.stop();
});

test("A configuration that contradicts itself stops the start, naming the variable", () => {
  const { OIDC_CLIENT_SECRET: _, ...withoutSecret } = variables;
  const cases: [Record<string, string>, RegExp][] = [
    [{ OIDC_CLIENT_ID: "x" }, /OIDC_ISSUER: must be set/],
    [{ ...variables, OIDC_ISSUER: "http://login.example.com" }, /OIDC_ISSUER: must be an https address/],
    [withoutSecret, /OIDC_CLIENT_SECRET: or OIDC_CLIENT_KEY/],
    [{ ...withoutSecret, OIDC_CLIENT_KEY: "{}" }, /OIDC_CLIENT_KEY: must be a private JSON Web Key/],
    [{ ...variables, OIDC_ROLE_CLAIM: "" }, /OIDC_ROLES: and OIDC_ROLE_CLAIM must be set together/],
    [{ ...variables, OIDC_ROLES: "admin=x" }, /OIDC_ROLES: must list roles/],
    [{ ...variables, OIDC_SECOND_FACTOR: "mfa" }, /OIDC_SECOND_FACTOR: must list values/],
    [{ ...variables, OIDC_REQUIRED: "true" }, /OIDC_BREAK_GLASS: must be set/],
    [{ ...variables, OIDC_SCOPE: "email" }, /OIDC_SCOPE: must contain openid/],
    [
      { ...variables, OIDC_ROLE_CLAIM: "", OIDC_ROLES: "" },
      /OIDC_CREATE_ADMINISTRATORS: needs OIDC_ROLE_CLAIM/,
    ],
  ];
  for (const [given, message] of cases) {
    assert.throws(
      () => readEnvironment(given),
      (error) => error instanceof ConfigError && message.test(error.message),
      String(message),
    );
  }
  readEnvironment(variables);
});

test("Server and provider stop", async () => {
  await server.stop();
  await provider.stop();
});
