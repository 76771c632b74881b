// Signing keys of products: which key signs, which are published, rotation while tokens are out, and two servers.
import assert from "node:assert/strict";
import { compactVerify, createRemoteJWKSet } from "jose";
import { inTransaction } from "../../server/domain/context.ts";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import { signClaims, verifyClaims } from "../../server/domain/signing/jws.ts";
import { announceSigningKey } from "../../server/domain/signing/announce.ts";
import { createSigningKey, retireSigningKey, rotateSigningKey } from "../../server/domain/signing/rotate.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeProduct } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const second = await startTestServer({}, server);
const owner = await makeAdministrator(server, "owner");
const DAY = 86_400_000;
const TYPE = "test+jwt";

async function signFor(productId: number | null, at = server, lifetime = DAY): Promise<string> {
  const ctx = await at.ctx();
  const expiresAt = ctx.now.getTime() + lifetime;
  return await signClaims(ctx, { productId, type: TYPE, claims: { product: productId }, expiresAt });
}

async function kidsOf(product: string | null, at = server): Promise<string[]> {
  const path = product === null ? "/.well-known/jwks.json" : `/.well-known/jwks/${product}.json`;
  const reply = await at.get(path);
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return reply.body.keys.map(({ kid }: { kid: string }) => kid);
}

const headerOf = (jws: string) =>
  JSON.parse(atob(jws.split(".")[0].replaceAll("-", "+").replaceAll("_", "/")));
const kidOf = (jws: string): string => headerOf(jws).kid;
const keySet = (product: string, at = server) =>
  createRemoteJWKSet(new URL(`${at.url}/.well-known/jwks/${product}.json`), { cooldownDuration: 0 });

test("a first key that was rolled back signs nothing afterwards", async () => {
  const ctx = await server.ctx();
  const rolledBack = inTransaction(ctx, async (ctx) => {
    const sign = () =>
      signClaims(ctx, { productId: null, type: TYPE, claims: {}, expiresAt: +ctx.now + DAY });
    assert.equal(kidOf(await sign()), kidOf(await sign()));
    throw new Error("undone");
  });
  await assert.rejects(rolledBack, /undone/);
  assert.deepEqual(await kidsOf(null), [kidOf(await signFor(null))]);
});

test("the default key signs for a product without a key of its own, and is published for it", async () => {
  const product = await makeProduct(await server.ctx());
  const jws = await signFor(product.id);
  const { protectedHeader } = await compactVerify(jws, keySet(product.code));
  assert.equal(protectedHeader.alg, "Ed25519");
  assert.deepEqual(await kidsOf(product.code), [kidOf(jws)]);
  assert.equal((await kidsOf(null))[0], kidOf(jws));
});

test("a product's key signs for it alone; what the default key signed for it is verified until it expires", async () => {
  const ctx = await server.ctx();
  const [product, other] = [await makeProduct(ctx), await makeProduct(ctx)];
  const before = await signFor(product.id, server, 30 * DAY);
  const { kid } = await createSigningKey(ctx, { productId: product.id });
  const after = await signFor(product.id);
  assert.equal(kidOf(after), kid);
  assert.deepEqual(await kidsOf(product.code), [kid, kidOf(before)]);
  await compactVerify(before, keySet(product.code));
  await compactVerify(after, keySet(product.code));
  await assert.rejects(compactVerify(after, keySet(other.code)), { code: "ERR_JWKS_NO_MATCHING_KEY" });
  assert.equal(kidOf(await signFor(other.id)), kidOf(before));
  assert.ok(!(await kidsOf(null)).includes(kid), "the documented address has the default keys only");
  // A product for which the default key signed nothing has its own key alone.
  await createSigningKey(ctx, { productId: (await makeProduct(ctx, "unsigned")).id });
  assert.equal((await kidsOf("unsigned")).length, 1);
  await server.db`update signing_key_products set signed_until = now() where product_id = ${product.id}`;
  assert.deepEqual(await kidsOf(product.code), [kid], "when all of it has expired");
});

test("a rotation while tokens are out invalidates none, on two servers", async () => {
  const ctx = await server.ctx();
  const product = await makeProduct(ctx);
  const first = await createSigningKey(ctx, { productId: product.id });
  const old = await eventually(async () => {
    const jws = await signFor(product.id, second);
    return kidOf(jws) === first.kid && jws;
  });
  const rotated = await rotateSigningKey(ctx, { productId: product.id });
  const fresh = await eventually(async () => {
    const jws = await signFor(product.id, second);
    return kidOf(jws) === rotated.kid && jws;
  }, 1500);
  for (const jws of [old, fresh]) {
    await compactVerify(jws, keySet(product.code));
    assert.ok(await verifyClaims(await second.ctx(), { type: TYPE, jws }));
  }
  assert.deepEqual(await kidsOf(product.code, second), [rotated.kid, first.kid]);
  const [{ privateKey, signedUntil }] = await server.db`
    select private_key, signed_until from signing_keys where kid = ${first.kid}`;
  assert.equal(privateKey, null);
  assert.ok(signedUntil.getTime() >= ctx.now.getTime() + DAY);
});

test("a product whose key is retired has the default one again", async () => {
  const ctx = await server.ctx();
  const product = await makeProduct(ctx);
  const { kid } = await createSigningKey(ctx, { productId: product.id });
  const old = await signFor(product.id);
  await retireSigningKey(ctx, { productId: product.id });
  const [standard] = await kidsOf(null);
  assert.equal(kidOf(await signFor(product.id)), standard);
  assert.deepEqual(await kidsOf(product.code), [standard, kid]);
  await compactVerify(old, keySet(product.code));
  const again = await createSigningKey(ctx, { productId: product.id });
  assert.equal(kidOf(await signFor(product.id)), again.kid);
});

test("keys are created, rotated, retired and listed over REST, and each leaves an event", async () => {
  const product = await makeProduct(await server.ctx());
  const send = (verb: string, id: unknown = product.id) =>
    owner.post(`/api/admin/products/${id}/signing-key${verb}`);
  for (const verb of ["/rotate", "/retire"]) {
    const refused = await send(verb);
    assert.deepEqual([refused.status, refused.body.error.code], [409, "CONFLICT"], verb);
    assert.match(refused.body.error.message, /no signing key of its own/);
  }
  const created = await send("");
  assert.deepEqual([created.status, created.body.product_id, created.body.retired_at], [
    201,
    product.id,
    null,
  ]);
  const twice = await send("");
  assert.deepEqual([twice.status, twice.body.error.code], [409, "CONFLICT"]);
  assert.match(twice.body.error.message, /already has a signing key/);
  const rotated = await send("/rotate");
  assert.equal(rotated.status, 200);
  const { rows } = (await owner.get("/api/admin/signing-keys")).body;
  assert.deepEqual(
    rows.filter(({ product_id }: { product_id: number }) => product_id === product.id)
      .map(({ kid }: { kid: string }) => kid),
    [rotated.body.kid],
    "what has signed nothing is not published once it is retired",
  );
  const retired = await send("/retire");
  assert.deepEqual([retired.status, retired.body.kid], [200, rotated.body.kid]);
  const standard = await owner.post("/api/admin/signing-keys/rotate");
  assert.deepEqual([standard.status, standard.body.product_id], [200, null]);
  for (const verb of ["", "/rotate", "/retire"]) {
    assert.equal((await send(verb, 987_654_321)).status, 404, verb);
    assert.equal((await send(verb, "x")).status, 400, verb);
  }
  const events = await server.db`
    select type, before, after
    from events
    where coalesce(before, after)->>'product' = ${product.code} and type like 'signing_key.%'
    order by id`;
  assert.deepEqual(events.map((event) => ({ ...event })), [
    { type: "signing_key.created", before: null, after: { kid: created.body.kid, product: product.code } },
    {
      type: "signing_key.rotated",
      before: { kid: created.body.kid, product: product.code },
      after: { kid: rotated.body.kid, product: product.code },
    },
    { type: "signing_key.retired", before: { kid: rotated.body.kid, product: product.code }, after: null },
  ]);
});

test("an announced key is published, signs nothing before the rotation, and signs after it", async () => {
  const ctx = await server.ctx();
  const product = await makeProduct(ctx);
  const send = (verb: string) => owner.post(`/api/admin/products/${product.id}/signing-key${verb}`);
  const shared = kidOf(await signFor(product.id));
  // Before the product has a key of its own, the announced one is for its creation.
  const announced = await send("/announce");
  assert.deepEqual([announced.status, announced.body.is_announced], [201, true]);
  assert.equal(kidOf(await signFor(product.id)), shared);
  assert.deepEqual(await kidsOf(product.code), [shared, announced.body.kid]);
  const twice = await send("/announce");
  assert.equal(twice.status, 409);
  assert.match(twice.body.error.message, /announced already/);
  const created = await send("");
  assert.deepEqual([created.body.kid, created.body.is_announced], [announced.body.kid, false]);
  assert.equal(kidOf(await signFor(product.id)), created.body.kid);

  const next = await send("/announce");
  assert.equal(kidOf(await signFor(product.id)), created.body.kid);
  assert.deepEqual(await kidsOf(product.code), [created.body.kid, shared, next.body.kid]);
  assert.equal((await send("")).status, 409, "it has a key");
  const old = await signFor(product.id);
  assert.equal((await send("/rotate")).body.kid, next.body.kid);
  const fresh = await eventually(async () => {
    const jws = await signFor(product.id, second);
    return kidOf(jws) === next.body.kid && jws;
  }, 1500);
  for (const jws of [old, fresh]) await compactVerify(jws, keySet(product.code));
  assert.equal(
    (await send("/rotate")).body.is_announced,
    false,
    "without an announced key a new one is made",
  );
});

test("the next default key is announced by one of many calls, and listed last among the current ones", async () => {
  const before = (await kidsOf(null))[0];
  const replies = await Promise.all(
    Array.from({ length: 8 }, () => owner.post("/api/admin/signing-keys/announce")),
  );
  assert.deepEqual(replies.map(({ status }) => status).sort(), [201, ...Array(7).fill(409)]);
  const { kid } = replies.find(({ status }) => status === 201)!.body;
  assert.deepEqual((await kidsOf(null)).slice(0, 2), [before, kid]);
  assert.equal((await owner.post("/api/admin/signing-keys/rotate")).body.kid, kid);
  assert.equal((await kidsOf(null))[0], kid);
});

test("an announced key that ENCRYPTION_KEY does not open is replaced by a new one", async () => {
  const ctx = await server.ctx();
  const product = await makeProduct(ctx);
  const { kid } = await announceSigningKey(
    { ...ctx, cipher: createCipher("f".repeat(64)) },
    { productId: product.id },
  );
  const created = await createSigningKey(ctx, { productId: product.id });
  assert.notEqual(created.kid, kid);
  assert.ok(!(await kidsOf(product.code)).includes(kid));
});

test("a product that does not exist has no keys", async () => {
  for (const path of ["nothing.json", "..json", "a.b.json", "%00.json", "nothing"]) {
    assert.equal(
      (await server.get(`/.well-known/jwks/${path}`)).status,
      path === "%00.json" ? 400 : 404,
      path,
    );
  }
});

test("with the wrong encryption key nothing is signed, and a rotation replaces what cannot be read", async () => {
  const wrong = { cipher: createCipher("another key that is long enough to be one") };
  const product = await makeProduct(await server.ctx());
  await createSigningKey(await server.ctx(), { productId: product.id });
  const ctx = { ...await second.ctx(), ...wrong };
  const sign = () =>
    signClaims(ctx, { productId: product.id, type: TYPE, claims: {}, expiresAt: ctx.now.getTime() });
  await assert.rejects(sign);
  await rotateSigningKey(ctx, { productId: product.id });
  assert.ok(await verifyClaims(ctx, { type: TYPE, jws: await sign() }));
});

test("a setting changes what the algorithm of entitlement tokens is called", async () => {
  const alg = async () => (await server.get("/.well-known/jwks.json")).body.keys[0].alg;
  assert.equal(await alg(), "EdDSA");
  await changeSetting(await server.ctx(), "olderTokenAlgorithm", false);
  await eventually(async () => await alg() === "Ed25519");
  const jws = await signFor(null);
  assert.equal(headerOf(jws).alg, "Ed25519");
});

test("the signing-key command creates, lists, rotates and retires the key of a product", async () => {
  const product = await makeProduct(await server.ctx());
  const run = async (...args: string[]) => {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "cli/latchkey_main.ts", "signing-key", ...args],
      env: { DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY: server.config.ENCRYPTION_KEY },
    }).output();
    return { success, text: new TextDecoder().decode(success ? stdout : stderr) };
  };
  const of = ["--product", product.code];
  assert.match((await run("rotate", ...of)).text, /no signing key of its own/);
  assert.ok((await run("create", ...of)).success);
  const [kid] = await kidsOf(product.code);
  assert.match((await run("list")).text, new RegExp(`${kid}  product ${product.code}, created .*, signs`));
  assert.match((await run("rotate", ...of)).text, /signs from now on/);
  assert.notEqual((await kidsOf(product.code))[0], kid);
  assert.match((await run("retire", ...of)).text, /is retired/);
  assert.match((await run("create", "--product", "unknown")).text, /no product with the code unknown/);
  assert.match((await run("create")).text, /--product/);
});

test("the servers stop", async () => {
  await second.stop();
  await server.stop();
});
