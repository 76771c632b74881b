// Invalid input is answered with a 4xx that names the field, and changes nothing. Every declared endpoint with a body
// or with parameters is tested.
import assert from "node:assert/strict";
import { z } from "zod";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { listEndpoints } from "../../server/app.ts";
import type { Endpoint } from "../../server/request/endpoint.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSession } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const { key } = await makeLicense(await server.ctx());
await server.post("/api/license/activate", { license_key: key, hardware_hash: "machine" });
const endpoints = listEndpoints(server.server.services, server.config);
const owner = await createAdministrator(await server.ctx(), {
  email: "owner@example.com",
  name: "Owner",
  role: "owner",
  password: "correct horse",
});

const isAdministration = ({ guard }: Endpoint) => guard.scheme === "administrator";

/** Credentials for an endpoint, with a new session for each, because some calls end it. */
async function credentialsFor(endpoint: Endpoint): Promise<Record<string, string>> {
  if (!isAdministration(endpoint)) return {};
  const { token } = await createTestSession(await server.ctx(), owner.id);
  return { authorization: `Bearer ${token}` };
}

const deep = (levels: number): unknown => levels === 0 ? 1 : { a: deep(levels - 1) };
const invalidValues: unknown[] = [
  null,
  0,
  -1,
  1.5,
  1e308,
  true,
  "",
  " ",
  "\u0000",
  "a\u0007b",
  "line\nbreak",
  "\ud800",
  "x".repeat(300),
  "x".repeat(100_000),
  "' or 1=1; drop table licenses; --",
  "%00%ff",
  "\u202eevil",
  "💥",
  [],
  ["x"],
  {},
  { toString: "x" },
  { $ne: null },
  deep(20),
];

async function countChanges(): Promise<string> {
  const [counts] = await server.db`
    select
      (select count(*) from activations) as activations,
      (select count(*) from seats) as seats,
      (select max(id) from events) as events,
      (select sum(activations_in_use) from licenses) as activations_in_use`;
  return JSON.stringify(counts);
}

function assertRefused(endpoint: Endpoint, reply: { status: number; body: unknown }, sent: string): void {
  assert.ok(
    reply.status < 500,
    `${endpoint.path} answered ${reply.status} to ${sent.slice(0, 80)}: ${JSON.stringify(reply.body)}`,
  );
  if (reply.status >= 400) {
    assert.equal(
      endpoint.dialect.errorSchema.safeParse(reply.body).success,
      true,
      JSON.stringify(reply.body),
    );
  }
}

/** The fields of an object schema; of other schemas none. */
function fieldsOf(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Account pages redirect callers without a session before they read the body. */
const redirectsToSignIn = ({ guard }: Endpoint) =>
  guard.errors.includes("SESSION_TOKEN_REQUIRED") && guard.readsBody === undefined;

for (
  const endpoint of endpoints.filter((endpoint) =>
    endpoint.body && endpoint.method !== "get" && !redirectsToSignIn(endpoint)
  )
) {
  const path = endpoint.path.replace(/\{\w+\}/g, "1");
  const credentials = await credentialsFor(endpoint);
  const send = (path: string, body: unknown) =>
    server.send(endpoint.method.toUpperCase(), path, body, credentials);

  test(`${endpoint.path} refuses bodies that are not a JSON object`, async () => {
    const before = await countChanges();
    for (
      const sent of [
        ...[
          "",
          " ",
          "{",
          "[]",
          "null",
          "1",
          '"text"',
          "{]",
          '{"a":1,}',
          "NaN",
          "\u0000",
          "undefined",
          "{'a': 1}",
        ],
        "[".repeat(5000),
        "[".repeat(100_000) + "]".repeat(100_000),
        JSON.stringify(deep(40)),
        '{"__proto__": {"valid": true}}',
        '{"constructor": 1}',
      ]
    ) {
      const reply = await send(path, sent);
      assertRefused(endpoint, reply, sent);
      // Where invalid JSON counts as an empty body, an empty body may be valid.
      if (endpoint.dialect.parse) continue;
      assert.equal(reply.status >= 400, true, `${sent.slice(0, 40)} was answered ${reply.status}`);
    }
    const notText = await send(path, new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]));
    assert.equal(notText.status, 400);
    const large = await send(path, JSON.stringify({ license_key: "x".repeat(1024 * 1024) }));
    assert.equal(large.status, 413);
    assert.equal(await countChanges(), before);
  });

  for (const field of fieldsOf(endpoint.body)) {
    test(`${endpoint.path} answers no 5xx for any value of ${field}`, async () => {
      const valid: Record<string, unknown> = {
        license_key: key,
        hardware_hash: "machine",
        hardware_id: "machine",
      };
      const known = new Set(fieldsOf(endpoint.body));
      const body = Object.fromEntries(Object.entries(valid).filter(([name]) => known.has(name)));
      for (const value of invalidValues) {
        const reply = await send(path, { ...body, [field]: value });
        assertRefused(endpoint, reply, JSON.stringify(value));
        if (reply.status === 400 && reply.body.error?.code === "INVALID_REQUEST" && known.size === 3) {
          const { details } = reply.body.error;
          assert.ok([details.field, ...details.fields ?? []].some((name: string) => name.startsWith(field)));
        }
      }
      const { [field]: _, ...without } = body;
      assertRefused(endpoint, await send(path, without), `no ${field}`);
    });
  }

  if (isAdministration(endpoint)) {
    test(`${endpoint.path} refuses unknown fields`, async () => {
      const reply = await send(path, { surprise: { a: [1] } });
      assertRefused(endpoint, reply, "surprise");
      assert.equal(reply.status, 400);
      assert.equal(JSON.stringify(reply.body).includes("surprise"), true);
    });
    continue;
  }

  test(`${endpoint.path} ignores unknown fields`, async () => {
    const reply = await send(path, {
      license_key: "nothing",
      hardware_hash: "m",
      surprise: { a: [1] },
    });
    assertRefused(endpoint, reply, "surprise");
    assert.equal(JSON.stringify(reply.body).includes("surprise"), false);
  });
}

for (const endpoint of endpoints.filter(({ params, query }) => params || query)) {
  test(`${endpoint.path} answers no 5xx for any path or query parameter`, async () => {
    for (
      const value of ["%00", "%ff", "%", "%E0%A4", "a%2Fb", "..%2f..", "💥", "x".repeat(2000), "'--", "%0a"]
    ) {
      const path = endpoint.path.replace(/\{\w+\}/g, value);
      const target = `${path}?product=${value}&q=${value}&page=${value}`;
      if (endpoint.answers[303]) {
        // Where it sends the browser is another answer.
        const { status } = await fetch(server.url + target, { redirect: "manual" });
        assert.ok(status < 500, `${target} answered ${status}`);
        continue;
      }
      assertRefused(endpoint, await server.get(target), value);
    }
  });
}

test("a missing field and a field of the wrong type are reported by name", async () => {
  const missing = await server.post("/api/license/activate", { license_key: key });
  assert.equal(missing.status, 400);
  assert.deepEqual(missing.body.error, {
    code: "INVALID_REQUEST",
    message: "hardware_hash is required.",
    details: { field: "hardware_hash", reason: "required" },
  });
  const wrong = await server.post("/api/license/activate", { license_key: key, hardware_hash: 5 });
  assert.deepEqual(wrong.body.error.details, { field: "hardware_hash", reason: "wrong_type" });
  const long = await server.post("/api/license/activate", {
    license_key: key,
    hardware_hash: "x".repeat(256),
  });
  assert.deepEqual(long.body.error.details, { field: "hardware_hash", reason: "too_large" });
});

test("another method at a known path answers 405 with Allow, and an unknown path answers 404", async () => {
  for (const method of ["PUT", "DELETE", "PATCH"]) {
    const response = await fetch(`${server.url}/api/license/verify`, { method });
    const { error } = await response.json();
    assert.deepEqual([response.status, response.headers.get("allow"), error.code], [
      405,
      "POST",
      "METHOD_NOT_ALLOWED",
    ]);
  }
  const nowhere = await server.get("/api/license/nowhere/at/all");
  assert.deepEqual([nowhere.status, nowhere.body.error.code], [404, "NOT_FOUND"]);
});

test("an invalid Idempotency-Key is refused", async () => {
  const body = { license_key: key, hardware_hash: "machine" };
  for (const wrong of ["", "x".repeat(256)]) {
    const reply = await server.post("/api/license/activate", body, { "idempotency-key": wrong });
    assert.equal(reply.status, 400, JSON.stringify(wrong).slice(0, 20));
    assert.equal(reply.body.error.details.field, "Idempotency-Key");
  }
});

test("none of these requests logged an internal error", () => {
  assert.equal(server.logged().includes('"message":"bug"'), false);
});

test("the server stops without an error", () => server.stop());
