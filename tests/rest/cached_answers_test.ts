// The same answer whether what it takes is cached or has to be waited for, on both listeners; and what is cached waits for
// nothing.
import assert from "node:assert/strict";
import { request as openRequest } from "node:http";
import { listEndpoints } from "../../server/app.ts";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { check } from "../../server/request/body.ts";
import { RequestContext } from "../../server/request/request_context.ts";
import { makeLicense, makeProduct, makeRelease } from "../support/fixtures.ts";
import fc from "../support/property.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const limits = { RATE_LIMIT_PUBLIC: "1000000" };
const node = await startTestServer({ ...limits, LISTENER: "node" });
const deno = await startTestServer({ ...limits, LISTENER: "deno" }, node);
const { services } = node.server;
const ctx = await node.ctx();
const product = await makeProduct(ctx);
const release = await makeRelease(ctx, product.id, "2.0.0");
const { key: otherKey } = await createApiKey(ctx, {
  name: "of another product",
  productId: (await makeProduct(ctx)).id,
});

async function machineOf(terms: Parameters<typeof makeLicense>[1] = {}, validUntil?: string) {
  const license = await makeLicense(ctx, { productId: product.id, ...terms });
  const machine = { license_key: license.key, hardware_hash: "machine", app_version: "1.0.0" };
  assert.equal((await node.post("/api/license/activate", machine)).status, 201);
  if (validUntil) {
    await node.db`
      update licenses
      set valid_from = '2020-01-01', valid_until = ${validUntil}
      where id = ${license.id}`;
  }
  return { license, machine };
}

const valid = await machineOf();
const endless = await machineOf({ validUntil: null });
const expired = await machineOf({}, "2020-12-31");
const disabled = await machineOf();
await setLicensesEnabled(ctx, { ids: [disabled.license.id], enabled: false });
const imported = await machineOf({ key: 'Ünï"code\\-KEY-line' });
const { machine } = valid;

const calls: [name: string, body: unknown, headers?: Record<string, string | null>][] = [
  ["valid", machine],
  ["that never expires", endless.machine],
  ["expired", expired.machine],
  ["disabled", disabled.machine],
  ["with an imported key", imported.machine],
  ["unknown", { ...machine, license_key: "AAAA-BBBB-CCCC-DDDD" }],
  ["of no key", { ...machine, license_key: "?" }],
  ["on another machine", { ...machine, hardware_hash: "another" }],
  ["without a version", { ...machine, app_version: undefined }],
  ["with the newest version", { ...machine, app_version: release.version }],
  ["with a version in words", { ...machine, app_version: " 2.0 beta\n3 " }],
  ["with blanks", { ...machine, license_key: ` ${machine.license_key}\n`, hardware_hash: " machine " }],
  ["with an unknown field", { ...machine, other: 1 }],
  ["without fields", {}],
  ["of the wrong types", { license_key: 1, hardware_hash: [], app_version: {} }],
  ["that is no object", "[]"],
  ["that is no JSON", "{"],
  ["without a body", ""],
  ["without an API key", machine, { "x-api-key": null }],
  ["with a wrong API key", machine, { "x-api-key": "wrong" }],
  ["with another product's API key", machine, { "x-api-key": otherKey }],
  ["with a request id", machine, { "x-request-id": "own.id-1" }],
  ["with a trace", machine, { traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` }],
  ["with an idempotency key", machine, { "idempotency-key": "key" }],
  ["that is compressed", machine, { "content-encoding": "gzip" }],
  ["that is not compressed", machine, { "content-encoding": "identity" }],
];

const changing = new Set(["x-request-id", "date", "ratelimit-remaining", "ratelimit-reset", "ratelimit"]);

for (const [listener, server] of Object.entries({ node, deno })) {
  for (const path of ["/api/license/verify", "/api/v1/validate"]) {
    test(`${path} answers the same with and without a cache on the ${listener} listener`, async () => {
      for (const [name, body, headers] of calls) {
        const sent = path === "/api/license/verify" || typeof body === "string"
          ? body
          : renamed(body as Record<string, unknown>);
        const send = async () => {
          const { status, headers: received, body } = await server.post(path, sent, headers);
          const id = received.get("x-request-id");
          assert.match(id!, headers?.["x-request-id"] ? /^own\.id-1$/ : /^[\da-f-]{36}$/);
          return {
            status,
            headers: [...received].filter(([name]) => !changing.has(name)),
            text: JSON.stringify(body),
          };
        };
        server.server.services.cache.invalidateAll();
        const uncached = await send();
        const cached = await send();
        assert.deepEqual(cached, uncached, name);
      }
    });
  }
}

/** Sends a verification with headers that `fetch` cannot send, and its body in two pieces. */
function sendHeaders(
  server: typeof node,
  headers: Record<string, string | string[]>,
): Promise<[status: number, id: string, text: string]> {
  const text = JSON.stringify(machine);
  return new Promise((resolve, reject) => {
    const sending = openRequest(`${server.url}/api/license/verify`, {
      method: "POST",
      headers: { "x-api-key": server.apiKey, "content-length": text.length, ...headers },
    }, async (answer) => {
      const received = await Array.fromAsync(answer as AsyncIterable<Uint8Array>);
      const body = await new Blob(received as Uint8Array<ArrayBuffer>[]).text();
      resolve([answer.statusCode!, String(answer.headers["x-request-id"]), body]);
    });
    sending.on("error", reject);
    sending.write(text.slice(0, 20), () => setImmediate(() => sending.end(text.slice(20))));
  });
}

test("headers are read the same way by both listeners when they are sent twice or empty", async () => {
  const cases: [Record<string, string | string[]>, status: number, id?: string][] = [
    [{}, 200],
    [{ "X-Api-Key": [node.apiKey, node.apiKey] }, 401],
    [{ "X-Api-Key": "" }, 401],
    [{ "X-Request-Id": ["first", "second"] }, 200],
    [{ "X-Request-Id": "" }, 200],
    [{ "X-Request-Id": " own " }, 200, "own"],
    [{ "Content-Encoding": ["identity", "gzip"] }, 415],
    [{ "Content-Encoding": ["identity", "identity"] }, 200],
    [{ "X-Forwarded-For": ["10.0.0.1", "10.0.0.2"] }, 200],
  ];
  for (const [headers, status, id] of cases) {
    const name = JSON.stringify(headers);
    const answers = await Promise.all([node, deno].map((server) => sendHeaders(server, headers)));
    for (const [answered, answeredId] of answers) {
      assert.equal(answered, status, name);
      if (id) assert.equal(answeredId, id, name);
      else assert.match(answeredId, /^[\da-f-]{36}$/, name);
    }
    assert.equal(answers[0][2], answers[1][2], name);
  }
});

function renamed({ hardware_hash, ...rest }: Record<string, unknown>) {
  return { ...rest, hardware_id: hardware_hash };
}

const endpoints = listEndpoints(services, node.config);

test("what is cached is answered without waiting", async () => {
  const verify = endpoints.find(({ path }) => path === "/api/license/verify")!;
  const request = new RequestContext(services, new Request("http://localhost/"), { peer: "127.0.0.1" });
  const actor = { kind: "anonymous" } as const;
  const call = () =>
    verify.handle({
      ctx: request.open(actor, ctx.settings),
      params: undefined,
      query: undefined,
      body: machine,
      request,
    });
  const first = await call();
  const second = call();
  assert.ok(!(second instanceof Promise));
  assert.deepEqual(second, first);
  assert.ok(!(services.settings() instanceof Promise));
  const limit = services.limits.public!;
  await services.limiter.consume(limit, "someone");
  assert.ok(!(services.limiter.consume(limit, "someone") instanceof Promise));
});

test("a plain body is what its schema makes of it", () => {
  const text = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.string({ unit: fc.constantFrom(..."aZ09-_ \t\n\u200bé\0\ud800".split("")), maxLength: 300 }),
    fc.constantFrom("", " ", "x".repeat(64), "x".repeat(65), "x".repeat(255), "x".repeat(256)),
  );
  const plainText = fc.constantFrom("AB-12", "x");
  const value = fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: fc.anything() });
  const withPlain = endpoints.filter(({ plainBody }) => plainBody);
  assert.ok(withPlain.length > 0);
  let plain = 0;
  for (const endpoint of withPlain) {
    const names = fc.constantFrom("license_key", "hardware_hash", "app_version", "other");
    const some = fc.dictionary(names, value, { maxKeys: 4, noNullPrototype: true });
    const all = fc.record({ license_key: value, hardware_hash: value, app_version: value });
    const partName = fc.oneof(fc.constantFrom("board", "disk", "m_a_c", "Disk", "-", "__proto__", ""), text);
    const parts = fc.oneof(
      fc.dictionary(partName, value, { maxKeys: 18, noNullPrototype: true }),
      fc.anything(),
    );
    const withParts = fc.record({
      ...Object.fromEntries(Object.keys(machine).map((name) => [name, plainText])),
      components: parts,
    }, { noNullPrototype: true });
    fc.assert(fc.property(fc.oneof(all, some, withParts, fc.anything()), (body) => {
      const found = endpoint.plainBody!(body);
      if (found === null) return;
      plain++;
      assert.deepEqual(found, check(endpoint.body!, body));
    }));
  }
  for (const endpoint of withPlain) {
    assert.ok(endpoint.plainBody!({ ...machine }), endpoint.path);
    assert.ok(endpoint.plainBody!({ ...machine, components: { board: "a1", disk: "b2" } }), endpoint.path);
  }
  assert.ok(plain > 0);
});

for (const LISTENER of ["node", "deno"]) {
  test(`a request over the limit is refused on the ${LISTENER} listener although all it takes is cached`, async () => {
    const limited = await startTestServer(
      { LISTENER, RATE_LIMIT_PUBLIC: "3", TRUSTED_PROXIES: "127.0.0.0/8" },
      node,
    );
    const verify = async (address: string) =>
      (await limited.post("/api/license/verify", machine, { "x-forwarded-for": address })).status;
    const network = LISTENER === "node" ? "10.9.8" : "10.9.7";
    const statuses: number[] = [];
    for (let call = 0; call < 5; call++) statuses.push(await verify(`${network}.1`));
    assert.deepEqual(statuses, [200, 200, 200, 429, 429]);
    assert.equal(await verify(`${network}.2`), 200, "another address");
    await limited.stop();
  });
}

test("the servers stop without an error", async () => {
  await deno.stop();
  await node.stop();
});
