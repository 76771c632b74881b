// Entitlement tokens: offline verification by clients, validation by the server, and rotation of signing keys.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { compactVerify, createRemoteJWKSet, exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";
import { rotateSigningKey } from "../../server/domain/signing/rotate.ts";
import { extendLicenses } from "../../server/domain/licenses/extend.ts";
import { setLicensesEnabled, updateLicense } from "../../server/domain/licenses/manage.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense } from "../support/users.ts";

const server = await startTestServer();
const catalogue = await makeCatalogue(await server.ctx());

async function createUserWithLicense(plan = "monthly") {
  const ctx = await server.ctx();
  const user = await makeUser(ctx);
  const license = await makeUserLicense(ctx, catalogue, user, plan);
  const { session_token, entitlement_token } = (await login(server, user.email, "A")).body;
  return { user, license, session: session_token as string, token: entitlement_token };
}

async function isValid(session: string, entitlement_token: unknown): Promise<boolean> {
  const reply = await callV2(server, "POST", "/license/validate", { entitlement_token }, session);
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return reply.body.valid;
}

const keys = () =>
  createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`), { cooldownDuration: 0 });
const claimsOf = (payload: Uint8Array) => JSON.parse(new TextDecoder().decode(payload));

test("a token verifies offline with the published keys, and its claims equal the response", async () => {
  const { token } = await createUserWithLicense();
  const { signature, ...claims } = token;
  const { payload, protectedHeader } = await compactVerify(signature, keys());
  assert.deepEqual(claimsOf(payload), claims);
  assert.equal(protectedHeader.alg, "EdDSA");
  assert.equal(claims.exp, claims.expires_at);
  assert.equal(claims.issued_at, claims.iat);
  assert.equal(claims.product, "upload-bridge");
});

test("the token of a perpetual license expires after a day, the license never", async () => {
  const { token } = await createUserWithLicense("perpetual");
  assert.equal(token.expires_at, null);
  assert.equal(token.exp, token.iat + 86_400);
});

test("a license that ends far ahead, up to the last day there is, signs in and is active in every answer", async () => {
  const { user, license } = await createUserWithLicense();
  const ctx = await server.ctx();
  for (let times = 1; times <= 7; times++) {
    assert.equal((await extendLicenses(ctx, { licenseIds: [license.id], by: "P999Y" })).extended, 1);
    const { status, body } = await login(server, user.email, "A");
    assert.deepEqual([status, body.entitlement_token?.plan], [200, "monthly"], `after ${999 * times} years`);
  }
  await updateLicense(ctx, { id: license.id, changes: { validUntil: "9999-12-31" } });
  const { status, body } = await login(server, user.email, "A");
  assert.equal(status, 200, JSON.stringify(body));
  const end = Date.parse("9999-12-31T23:59:59Z") / 1000;
  assert.deepEqual([body.entitlement_token.exp, body.entitlement_token.expires_at], [end, end]);
  assert.ok(await isValid(body.session_token, body.entitlement_token));
  for (const path of ["/entitlements/current", "/license/info", "/license/verify"]) {
    const [method, sent] = path === "/license/verify" ? ["POST", {}] : ["GET", undefined];
    const reply = await callV2(server, method, path, sent, body.session_token);
    assert.equal(reply.status, 200, path);
    assert.match(JSON.stringify(reply.body), /"expires_at":"9999-12-31T23:59:59Z"/, path);
  }
});

test("a valid token is accepted in every form", async () => {
  const { session, token } = await createUserWithLicense();
  assert.ok(await isValid(session, token));
  assert.ok(await isValid(session, { sub: token.sub, plan: token.plan, exp: token.exp }));
  assert.ok(await isValid(session, JSON.stringify(token)));
  assert.ok(await isValid(session, token.signature));
});

test("a changed, another user's, old or empty token is not valid", async () => {
  const { session, token } = await createUserWithLicense();
  const otherUser = await createUserWithLicense();
  const { signature, ...claims } = token;
  const wrong: Record<string, unknown> = {
    "another plan": { ...token, plan: "perpetual" },
    "another plan, unsigned": { ...claims, plan: "perpetual" },
    "a longer life": { ...token, exp: token.exp + 1 },
    "more features": { ...token, features: [...token.features, "ai_features"] },
    "a claim that was not signed": { ...token, admin: true },
    "another person's": otherUser.token,
    "another person's signature": { ...claims, signature: otherUser.token.signature },
    "ended": { ...claims, exp: 1_234_567_890 },
    "without expiry": { ...claims, exp: undefined },
    "an end that is no number": { ...claims, exp: "9999999999" },
    "without subject": { ...claims, sub: undefined },
    "without plan": { ...claims, plan: undefined },
    "a subject that cannot be converted to text": { ...claims, sub: { toString: "x", valueOf: 1 } },
    "a subject that is a list": { ...claims, sub: [claims.sub] },
    "a plan with NUL": JSON.stringify({ ...claims, plan: "\0" }),
    "half of a surrogate pair": JSON.stringify({ ...claims, plan: "\ud800" }),
    "an endless number": JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e400'),
    "a part of a second": { ...claims, exp: 1.5 },
    "a key id with NUL": {
      ...claims,
      signature: `${
        Buffer.from('{"alg":"EdDSA","typ":"entitlement+jwt","kid":"\\u0000"}').toString("base64url")
      }.e30.AA`,
    },
    "a signature that is none": { ...claims, signature: "x.y.z" },
    "a signature that is a number": { ...claims, signature: 7 },
    "a signature cut short": { ...claims, signature: signature.slice(0, -4) },
    "an empty object": {},
    "nonsense": "nonsense",
  };
  for (const [name, token] of Object.entries(wrong)) {
    assert.equal(await isValid(session, token), false, name);
  }
});

test("a token with no or another algorithm, another key or another type is invalid", async () => {
  const { session, token } = await createUserWithLicense();
  const { signature, ...claims } = token;
  const [header] = signature.split(".");
  const { kid } = JSON.parse(atob(header.replaceAll("-", "+").replaceAll("_", "/")));
  const encode = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const typ = "entitlement+jwt";
  const forger = await generateKeyPair("EdDSA", { crv: "Ed25519" });
  const { keys: [published] } = (await server.get("/.well-known/jwks.json")).body;
  const confused = new TextEncoder().encode(published.x);
  const sign = (protectedHeader: { alg: string; kid?: string; typ?: string }, key: Uint8Array | CryptoKey) =>
    new SignJWT(claims).setProtectedHeader(protectedHeader).sign(key);
  const forged = [
    `${encode({ alg: "none", kid, typ })}.${encode(claims)}.`,
    `${encode({ alg: "none", typ })}.${encode(claims)}.${signature.split(".")[2]}`,
    await sign({ alg: "HS256", kid, typ }, confused),
    await sign({ alg: "EdDSA", kid, typ }, forger.privateKey as CryptoKey),
    await sign({ alg: "EdDSA", kid: "unknown", typ }, forger.privateKey as CryptoKey),
    await sign({ alg: "EdDSA", typ }, forger.privateKey as CryptoKey),
  ];
  // A key embedded in the token's header must not be trusted.
  const jwk = await exportJWK(forger.publicKey);
  forged.push(
    await new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", typ, jwk } as never)
      .sign(forger.privateKey),
  );
  // Signed with the server's key, but with another token type.
  const ours = await openSigningKey();
  forged.push(await sign({ alg: "EdDSA", kid, typ: "JWT" }, ours));
  assert.equal(
    await isValid(session, { ...claims, signature: await sign({ alg: "EdDSA", kid, typ }, ours) }),
    true,
  );
  for (const [index, signature] of forged.entries()) {
    assert.equal(await isValid(session, { ...claims, signature }), false, `forgery ${index}`);
    assert.equal(await isValid(session, signature), false, `forgery ${index}, alone`);
  }
});

async function openSigningKey(): Promise<CryptoKey> {
  const [row] = await server.db`select private_key from signing_keys where retired_at is null`;
  const { cipher } = await server.ctx();
  const jwk = new TextDecoder().decode(cipher.decrypt("signing key", row.privateKey));
  return await importJWK(JSON.parse(jwk), "EdDSA") as unknown as CryptoKey;
}

test("the signing key is stored encrypted", async () => {
  const rows = await server.db`select private_key, to_jsonb(k)::text as row from signing_keys k`;
  const ours = await exportJWK(
    await openSigningKey().then(async () => {
      const { cipher } = await server.ctx();
      const jwk = JSON.parse(new TextDecoder().decode(cipher.decrypt("signing key", rows[0].privateKey)));
      return await importJWK(jwk, "EdDSA", { extractable: true }) as unknown as CryptoKey;
    }),
  );
  const bytes = new TextDecoder("latin1").decode(rows[0].privateKey);
  assert.ok(ours.d && !rows[0].row.includes(ours.d) && !bytes.includes(ours.d));
});

test("disabling a license invalidates its tokens immediately", async () => {
  const { session, token, license } = await createUserWithLicense();
  await setLicensesEnabled(await server.ctx(), { ids: [license.id], enabled: false });
  assert.equal(await isValid(session, token), false);
  const info = await callV2(server, "GET", "/license/info", undefined, session);
  assert.equal(info.status, 404);
  assert.deepEqual(info.body, { error: "No active entitlement found" });
  const verify = await callV2(server, "POST", "/license/verify", {}, session);
  assert.equal(verify.status, 403);
  assert.deepEqual(verify.body, { status: "INACTIVE", message: "No active license found" });
});

test("a missing token is a bad request in every position", async () => {
  const { session } = await createUserWithLicense();
  for (
    const reply of [
      await callV2(server, "POST", "/license/validate", {}, session),
      await callV2(server, "POST", "/license/validate", "{ broken", session),
      await callV2(server, "GET", "/license/validate", undefined, session),
    ]
  ) {
    assert.equal(reply.status, 400);
    assert.deepEqual(reply.body, {
      error: "Validation failed",
      messages: { entitlement_token: ["The entitlement token field is required."] },
    });
  }
});

test("keys rotate with overlap: old tokens still verify, new ones are signed with the new key", async () => {
  const { session, token, user } = await createUserWithLicense();
  const rotated = await rotateSigningKey(await server.ctx());
  const fresh = await eventually(async () => {
    const { entitlement_token } = (await login(server, user.email, "A")).body;
    const { protectedHeader } = await compactVerify(entitlement_token.signature, keys());
    return protectedHeader.kid === rotated.kid && entitlement_token;
  }, 1500);
  assert.ok(await isValid(session, token), "the old one");
  assert.ok(await isValid(session, fresh), "the new one");
  await compactVerify(token.signature, keys());
  const published = (await server.get("/.well-known/jwks.json")).body.keys;
  assert.equal(published.length, 2);
  assert.ok(published.every((key: Record<string, unknown>) => !("d" in key)), "no private part is published");
  const [old] = await server
    .db`select private_key, signed_until from signing_keys where retired_at is not null`;
  assert.equal(old.privateKey, null, "the old key cannot sign any more");
  assert.ok(old.signedUntil.getTime() >= token.exp * 1000, "it is published until its last token expires");
});

test("servers that concurrently need a first key create one", async () => {
  const fresh = await startTestServer();
  const second = await startTestServer({}, fresh);
  const replies = await Promise.all(
    [fresh, second, fresh, second].map((at) => at.get("/.well-known/jwks.json")),
  );
  assert.equal(new Set(replies.map(({ body }) => JSON.stringify(body))).size, 1);
  assert.equal(replies[0].body.keys.length, 1);
  await second.stop();
  await fresh.stop();
});

test("the signing-key command rotates the key", async () => {
  const before = (await server.get("/.well-known/jwks.json")).body.keys[0].kid;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "cli/latchkey_main.ts", "signing-key", "rotate"],
    env: { DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY: server.config.ENCRYPTION_KEY },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const now = (await server.get("/.well-known/jwks.json")).body.keys[0].kid;
  assert.notEqual(now, before);
  assert.ok(new TextDecoder().decode(stdout).includes(now));
});

test("the server stops without an error", () => server.stop());
