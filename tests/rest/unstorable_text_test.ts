// NUL, halves of surrogate pairs, text that is not UTF-8, and objects where text belongs are answered 400 everywhere, by
// both listeners, and change nothing. The fuzz tries all of it everywhere; these are where it was found.
import assert from "node:assert/strict";
import { documentedForm } from "../../server/request/error_form.ts";
import { compileHandler } from "../../server/request/pipeline.ts";
import { listenDeno, listenNode } from "../../server/request/listener.ts";
import { toResponse } from "../../server/request/reply.ts";
import { createApp } from "../../server/app.ts";
import { readEventsAfter } from "../../server/domain/events/follow.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense } from "../support/users.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const license = await makeLicense(ctx);
const owner = await makeAdministrator(server, "owner");

const unstorable = ["\0", "a\0b", "\ud800", "a\udc00"];
const cut = (text: string) => encodeURIComponent(text.replace(/[\ud800-\udfff]/g, "\0"));

test("an object whose length cannot be compared is refused where text belongs, by the field's name", async () => {
  const object = { length: { toString: null, valueOf: 1 } };
  const app = await server.post("/api/license/verify", { license_key: object, hardware_hash: object });
  assert.deepEqual([app.status, app.body.error.details.field], [400, "license_key"]);
  const login = { email: "a@example.com", password: object, device_id: object };
  assert.equal((await callV2(server, "POST", "/auth/login", login)).status, 400);
  const customer = await owner.post("/api/admin/customers", { name: object });
  assert.deepEqual([customer.status, customer.body.error.details.field], [400, "name"]);
  assert.equal((await owner.post("/trpc/customers.create", { name: object })).status, 400);
  const setting = await owner.send("PATCH", "/api/admin/settings/trialPlan", { value: object });
  assert.deepEqual([setting.status, setting.body.error.details.field], [400, "trial_plan"]);
});

test("calls of apps refuse it, by the field's name", async () => {
  for (const text of unstorable) {
    for (
      const [path, body, field] of [
        ["/api/license/verify", { license_key: license.key, hardware_hash: text }, "hardware_hash"],
        ["/api/admin/login", { email: text, password: "x" }, "email"],
        ["/api/admin/login", { email: "a@example.com", password: text }, "password"],
      ] as const
    ) {
      const { status, body: answer } = await server.post(path, body);
      assert.deepEqual([status, answer.error.details.field], [400, field], `${path} ${JSON.stringify(text)}`);
    }
    for (
      const [path, body] of [
        ["/auth/login", { email: text, password: "x" }],
        ["/auth/login", { email: "a@example.com", password: text }],
        ["/auth/magic-link/request", { email: `${text}@example.com` }],
        ["/auth/magic-link/verify", { magic_link_token: text }],
        ["/features/check", { features: [text] }],
      ] as const
    ) {
      const { status } = await callV2(server, "POST", path, body);
      assert.equal(status, 400, `${path} ${JSON.stringify(text)}`);
    }
  }
});

test("lists, exports, cursors and paths refuse it", async () => {
  for (const text of ["\0", "a\0b"]) {
    for (
      const path of [
        ...[
          "customers",
          "licenses",
          "devices",
          "products",
          "plans",
          "releases",
          "resources",
          "leads",
          "users",
        ]
          .flatMap((
            list,
          ) => [`/api/admin/${list}?q=${cut(text)}`, `/api/admin/${list}/export?q=${cut(text)}`]),
        `/api/admin/events?subject_kind=${cut(text)}`,
        `/api/customers?q=${cut(text)}`,
        `/api/global-search?q=${cut(text)}`,
        `/leads/export?q=${cut(text)}`,
        `/api/admin/licenses?cursor=${cut(text)}`,
        `/api/admin/licenses?cursor=${btoa('["-id","\\u0000",1]')}`,
        `/api/admin/customers?sort=name&cursor=${btoa('["name","\\u0000",1]')}`,
        `/api/admin/customers?sort=name&cursor=${btoa('["name","\\ud800",1]')}`,
        `/api/admin/licenses?sort=validUntil&cursor=${btoa('["validUntil","0000-01-01",1]')}`,
      ]
    ) {
      assert.equal((await owner.get(path)).status, 400, path);
    }
  }
  assert.equal((await server.get("/api/license/info/%00")).status, 400);
});

test("procedures refuse it, in queries, changes and batches", async () => {
  const input = (value: unknown) => encodeURIComponent(JSON.stringify(value));
  for (const text of unstorable) {
    const list = await owner.get(`/trpc/customers.list?input=${input({ q: text })}`);
    assert.deepEqual([list.status, list.body.error.data.code], [400, "INVALID_REQUEST"]);
    assert.deepEqual(list.body.error.data.details, { field: "q", reason: "not_allowed" });
    const change = await owner.post("/trpc/webhooks.create", {
      url: "https://example.com",
      description: text,
      eventTypes: ["*"],
    });
    assert.equal(change.status, 400);
    const batch = await owner.get(
      `/trpc/customers.list,search.everything?batch=1&input=${input({ 0: {}, 1: { q: text } })}`,
    );
    assert.deepEqual(batch.body.map(({ error }: { error?: unknown }) => error !== undefined), [false, true]);
  }
  const deep = await owner.post(
    "/trpc/customers.create",
    JSON.parse(`{"a":${"[".repeat(3000)}${"]".repeat(3000)}}`),
  );
  assert.equal(deep.status, 400);
});

test("a form whose percent-encoding is no UTF-8 is refused; a lone % is text", async () => {
  const post = (body: string) =>
    fetch(`${server.url}/api/v2/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body,
    });
  for (const text of ["%ff", "%c0%80", "%ed%a0%80", "%00"]) {
    const reply = await post(`email=a%40example.com&password=${text}`);
    assert.equal(reply.status, 400, text);
    await reply.body?.cancel();
  }
  const reply = await post("email=a%40example.com&password=100%+sure%zz");
  assert.equal(reply.status, 401);
  await reply.body?.cancel();
});

test("both listeners refuse bodies that are not UTF-8", async () => {
  const app = createApp(server.server.services, server.config);
  for (const listen of [listenNode, listenDeno]) {
    const listener = await listen((request, peer) => app.fetch(request, peer), {
      host: "127.0.0.1",
      port: 0,
    });
    for (
      const path of ["/api/license/verify", "/trpc/account.signIn", "/api/v2/auth/login", "/account/sign-in"]
    ) {
      for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]]) {
        const body = new Uint8Array([
          ...new TextEncoder().encode('{"email":"'),
          ...bytes,
          ...new TextEncoder().encode('"}'),
        ]);
        const response = await fetch(`http://127.0.0.1:${listener.port}${path}`, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-api-key": server.apiKey,
            "sec-fetch-site": "same-origin",
          },
          body,
        });
        const text = await response.text();
        assert.equal(response.status, 400, `${listen.name} ${path} ${bytes}: ${text}`);
        assert.match(text, /UTF-8|not valid/i, `${path}: ${text}`);
      }
    }
    await listener.drain(0, 5000);
  }
});

test("a machine has one trial, however its fingerprint is written", async () => {
  const catalogue = await makeCatalogue(ctx);
  const spellings = [
    "PC-4711-é",
    "pc-4711-É",
    "pc\u200b-4711-e\u0301",
    "ＰＣ-4711-é",
    "\u202epc-4711-é",
    " pc-4711-é ",
  ];
  const plans = [];
  for (const device of spellings) {
    const user = await makeUser(ctx);
    const { status, body } = await login(server, user.email, device);
    assert.equal(status, 200, JSON.stringify(body));
    plans.push(body.entitlement_token?.plan ?? null);
  }
  assert.deepEqual(plans, ["trial", null, null, null, null, null]);
  const { body } = await login(server, (await makeUser(ctx)).email, "PC-4712");
  assert.equal(body.entitlement_token.plan, "trial");
  assert.ok(await makeUserLicense(ctx, catalogue, await makeUser(ctx), "monthly"));
});

test("a position in the events that PostgreSQL cannot have written begins now", async () => {
  const impossible = [
    ...["99999999999999999999:99999999999999999999:", "0:5:", "5:1:", "5:9:4", "5:9:7,6", "5:9:9", "5:9:,"],
    ...["5:9:/5:9:/9223372036854775808:1", "5:9:/9:5:/1:1", "5:9:/5:9:/1:9223372036854775808"],
  ];
  for (const position of impossible) {
    assert.deepEqual((await readEventsAfter(ctx, position)).events, [], position);
  }
  assert.notEqual((await readEventsAfter(ctx, "3:3:")).events.length, 0);
});

test("nothing of it was logged as a fault", () => {
  assert.doesNotMatch(server.logged(), /"message":"bug"/);
});

test("a value that only PostgreSQL refuses is answered 400 and logged as a fault", async () => {
  const { services } = server.server;
  for (const value of ["", "x", "9999999999"]) {
    const handle = compileHandler(services, documentedForm, "test", async () => {
      await server.db`select ${value}::text::int`;
      return new Response();
    });
    const response = toResponse(await handle(new Request("http://localhost/"), { peer: "127.0.0.1" }));
    assert.equal(response.status, 400);
    assert.equal((await response.json()).error.code, "INVALID_REQUEST");
  }
  assert.equal(server.logged().match(/"message":"bug"/g)?.length, 3);
});

test("the server stops", () => server.stop());
