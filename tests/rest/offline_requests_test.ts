// Requests of apps without a network: an administrator turns one into a license file, which activates the device once. Whatever
// e-mail did to the text, it is read or refused with what to do.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { createLocalJWKSet } from "jose";
import {
  issueRequestedFile,
  previewRequestedFile,
} from "../../server/domain/license_files/requested_file.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { readOfflineRequest } from "../../server/request/offline_requests.ts";
import { wireFileClaims } from "../../server/request/wire_files.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense } from "../support/fixtures.ts";
import { fileOf, isFor, offlineProduct, offlineRequest, readFile } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { makeUser } from "../support/users.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { product, makeOffline, checkout } = await offlineProduct(server);
const manager = await makeAdministrator(server, "manager");
const viewer = await makeAdministrator(server, "viewer");
const keys = createLocalJWKSet((await server.get("/.well-known/jwks/offline-app.json")).body);

const issue = (request: string, more = {}) => manager.post("/api/admin/license-files", { request, ...more });
const preview = (request: string) => viewer.post("/api/admin/license-files/preview", { request });
const newLicense = (terms: object = {}) =>
  makeLicense(ctx, { productId: product.id, offlineDays: 30, maxActivations: 2, ...terms });
const request = (license: { key: string }, more: object = {}) =>
  offlineRequest({
    license_key: license.key,
    hardware_hash: "island",
    machine_name: "Island",
    app_version: "2.1.0",
    created_at: 1_790_000_000,
    later: { member: true },
    ...more,
  });
const devicesOf = async (licenseId: number) => [
  ...await server.db<{ id: number; isActive: boolean }[]>`
    select id, is_active
    from activations
    where license_id = ${licenseId}
    order by id`,
];

test("a request becomes a file for its device, which is activated once", async () => {
  const license = await newLicense();
  const text = request(license);
  const shown = await preview(text);
  assert.equal(shown.status, 200, JSON.stringify(shown.body));
  assert.deepEqual(shown.body.device, {
    hardware_hash: "island",
    machine_name: "Island",
    app_version: "2.1.0",
    state: "new",
  });
  assert.deepEqual([shown.body.license_id, shown.body.refusal, shown.body.created_at], [
    license.id,
    null,
    "2026-09-21T14:13:20Z",
  ]);
  assert.ok(!shown.body.license_key.includes(license.key.slice(0, 4)), "viewers see no keys");
  assert.deepEqual(await devicesOf(license.id), [], "a preview changes nothing");
  const first = await issue(text);
  assert.equal(first.status, 201, JSON.stringify(first.body));
  assert.deepEqual([first.body.activated, first.body.license_id], [true, license.id]);
  const claims = await readFile(first.body.license_file, keys);
  assert.ok(isFor(claims, "island"));
  assert.equal(claims.activation, first.body.device_id);
  assert.equal((await preview(text)).body.device.state, "active");
  const again = await issue(text, { ttl: 3600 });
  assert.deepEqual([again.body.activated, again.body.device_id], [false, first.body.device_id]);
  assert.ok(again.body.seq > first.body.seq);
  const short = await readFile(again.body.license_file, keys);
  assert.equal(short.exp - short.iat, 3600);
  assert.equal((await devicesOf(license.id)).length, 1);
});

test("components of a request go into the file and recognise the device", async () => {
  const license = await newLicense({ machineMatching: "two" });
  const components = { board: "b-1", disk: "d-1", mac: "m-1" };
  const first = await issue(request(license, { components }));
  const claims = await readFile(first.body.license_file, keys);
  assert.ok(isFor(claims, "reinstalled", { ...components, disk: "d-2" }));
  const again = await issue(
    request(license, { hardware_hash: "reinstalled", components: { ...components, disk: "d-2" } }),
  );
  assert.deepEqual([again.status, again.body.device_id], [201, first.body.device_id]);
});

test("50 calls with one request at once activate its device once", async () => {
  const license = await newLicense({ maxActivations: 1 });
  const text = request(license);
  const replies = await Promise.all(Array.from({ length: 50 }, () => issue(text)));
  assert.deepEqual([...new Set(replies.map(({ status }) => status))], [201]);
  assert.equal(replies.filter(({ body }) => body.activated).length, 1);
  assert.equal(new Set(replies.map(({ body }) => body.seq)).size, 50);
  assert.equal((await devicesOf(license.id)).length, 1);
});

test("what is refused changes nothing, and the preview says why", async () => {
  const full = await makeOffline({ maxActivations: 1 });
  const disabled = await newLicense();
  await setLicensesEnabled(ctx, { ids: [disabled.id], enabled: false });
  const expired = await newLicense({ validFrom: "2020-01-01", validUntil: "2020-12-31" });
  const online = await newLicense({ offlineDays: 0 });
  const cases: [string, { key: string; id: number }, string, object?][] = [
    ["full", full.license, "ACTIVATION_LIMIT_REACHED"],
    ["disabled", disabled, "LICENSE_INACTIVE"],
    ["expired", expired, "LICENSE_EXPIRED"],
    ["without files", online, "OFFLINE_NOT_ALLOWED"],
    ["placeholder", await newLicense(), "INVALID_REQUEST", { hardware_hash: "To Be Filled By O.E.M." }],
  ];
  for (const [name, license, code, more] of cases) {
    const before = await devicesOf(license.id);
    const shown = await preview(request(license, more));
    assert.deepEqual(
      [shown.status, shown.body.refusal?.code, shown.body.expires_at],
      [200, code, null],
      name,
    );
    assert.match(shown.body.refusal.message, /\w\.$/, name);
    const refused = await issue(request(license, more));
    assert.equal(refused.body.error?.code, code, name);
    assert.deepEqual(await devicesOf(license.id), before, `${name}: no device was activated`);
  }
  const unknown = request({ key: "TEST-TEST-TEST-TEST" });
  for (const reply of [await preview(unknown), await issue(unknown)]) {
    assert.deepEqual([reply.status, reply.body.error.code], [404, "INVALID_LICENSE"]);
  }
  assert.equal((await viewer.post("/api/admin/license-files", { request: unknown })).status, 403);
});

test("a user gets files for their own licenses only", async () => {
  const user = await makeUser(ctx);
  const own = await newLicense();
  await server.db`update licenses set user_id = ${user.id} where id = ${own.id}`;
  const foreign = await newLicense();
  const asUser = { ...ctx, actor: { kind: "user", id: user.id, email: user.email } as const };
  const input = (license: { key: string }) => ({
    request: readOfflineRequest(request(license)),
    ttl: null,
    issuer: "https://x.example",
    userId: user.id,
  });
  assert.equal((await previewRequestedFile(asUser, input(own), wireFileClaims)).refusal, null);
  assert.ok((await issueRequestedFile(asUser, input(own), wireFileClaims)).file.seq > 0);
  for (const verb of [issueRequestedFile, previewRequestedFile]) {
    await assert.rejects(verb(asUser, input(foreign), wireFileClaims), { code: "INVALID_LICENSE" });
    await assert.rejects(verb(asUser, { ...input(own), userId: null }, wireFileClaims), {
      code: "FORBIDDEN",
    });
  }
});

test("text that mail programs changed is read", async () => {
  const license = await newLicense();
  const text = request(license);
  const lines = text.trim().split("\n");
  const texts: Record<string, string> = {
    "with text around it": `Hello,\n\nhere is it:\n${text}\nBye\n`,
    "with Windows line ends": text.replaceAll("\n", "\r\n"),
    "quoted": lines.map((line) => `> > ${line}`).join("\n"),
    "indented by non-breaking spaces": lines.map((line) => `\u00a0\u00a0${line}\u00a0`).join("\n"),
    "from HTML": lines.map((line) => `&nbsp;${line}`).join("\n"),
    "on one line": lines.join(" "),
    "without line ends": lines.join(""),
    "with invisible characters": `\ufeff${text.replaceAll("\n", "\u200b\n")}`,
    "with dashes of a word processor": text.replaceAll("-----", "——-"),
    "with lower case markers": text.replace("BEGIN LATCHKEY REQUEST", "Begin Latchkey Request"),
    "twice, as in a reply": `${text}\n${lines.map((line) => `> ${line}`).join("\n")}`,
    "below a license file": `${fileOf(await checkout((await makeOffline()).machine))}\n${text}`,
  };
  for (const [name, given] of Object.entries(texts)) {
    const reply = await preview(given);
    assert.deepEqual(
      [reply.status, reply.body.license_id],
      [200, license.id],
      `${name}: ${JSON.stringify(reply.body)}`,
    );
  }
});

/** A request whose JSON is this text. */
function requestOf(json: string | Uint8Array): string {
  const bytes = Buffer.from(json as string);
  const check = createHash("sha256").update(bytes).digest().subarray(0, 6).toString("base64url");
  return `-----BEGIN LATCHKEY REQUEST-----\n${
    bytes.toString("base64url")
  }.${check}\n-----END LATCHKEY REQUEST-----`;
}

test("text that is no request is refused with its reason", async () => {
  const license = await newLicense();
  const text = request(license);
  const lines = text.trim().split("\n");
  const file = fileOf(await checkout((await makeOffline()).machine));
  const cases: [string, string, string, string?][] = [
    ["empty", "", "not_found"],
    ["another text", "Hello", "not_found"],
    ["a license key", license.key, "not_found"],
    ["a license file", file, "license_file"],
    ["cut at its end", text.slice(0, -40), "incomplete"],
    ["cut at its beginning", text.slice(40), "incomplete"],
    ["without a line", lines.filter((_, index) => index !== 2).join("\n"), "incomplete"],
    [
      "edited",
      text.replace(lines[1], lines[1].replace(/.$/, (last) => last === "A" ? "B" : "A")),
      "incomplete",
    ],
    ["with lines exchanged", [lines[0], lines[2], lines[1], ...lines.slice(3)].join("\n"), "incomplete"],
    ["without its check", text.replace(/\.[\w-]+\n/, "\n"), "incomplete"],
    ["with nothing in it", "-----BEGIN LATCHKEY REQUEST-----\n-----END LATCHKEY REQUEST-----", "incomplete"],
    ["two requests", text + request(await newLicense()), "several"],
    ["a long one", requestOf(JSON.stringify({ x: "y".repeat(30_000) })), "too_long"],
    ["no JSON", requestOf("{"), "unreadable"],
    ["not UTF-8", requestOf(new Uint8Array([0x22, 0xff, 0x22])), "unreadable"],
    ["a list", requestOf("[]"), "unreadable"],
    ["null", requestOf("null"), "unreadable"],
    ["deep", requestOf("[".repeat(9000) + "]".repeat(9000)), "unreadable"],
    ["deep in a member", requestOf(`{"x":${"[".repeat(9000)}${"]".repeat(9000)}}`), "unreadable"],
    ["NUL", requestOf('{"license_key":"\\u0000"}'), "unreadable"],
    ["without a key", requestOf('{"hardware_hash":"x"}'), "field", "license_key"],
    ["without a fingerprint", request(license, { hardware_hash: undefined }), "field", "hardware_hash"],
    ["with a number as fingerprint", request(license, { hardware_hash: 5 }), "field", "hardware_hash"],
    [
      "with an object of odd length",
      request(license, { hardware_hash: { length: {} } }),
      "field",
      "hardware_hash",
    ],
    [
      "with a long fingerprint",
      request(license, { hardware_hash: "x".repeat(256) }),
      "field",
      "hardware_hash",
    ],
    ["with components of numbers", request(license, { components: { board: 1 } }), "field", "components"],
    ["with a time beyond the calendar", request(license, { created_at: 1e300 }), "field", "created_at"],
    ["with encrypt as a text", request(license, { encrypt: "yes" }), "field", "encrypt"],
  ];
  for (const [name, given, reason, field] of cases) {
    for (const reply of [await preview(given), await issue(given)]) {
      const { code, details, message } = reply.body.error;
      assert.deepEqual([reply.status, code, details.reason, details.field], [
        400,
        "OFFLINE_REQUEST_INVALID",
        reason,
        field,
      ], name);
      assert.match(message, /^[A-Z].*\.$/, name);
    }
  }
  assert.equal((await issue("x".repeat(70_000))).body.error.code, "INVALID_REQUEST");
  assert.equal((await issue("x".repeat(10_000_000))).status, 413);
  assert.deepEqual(await devicesOf(license.id), []);
});

test("an active device gets a file without a request", async () => {
  const { machine } = await makeOffline();
  const [{ id }] = await server.db<{ id: number }[]>`
    select a.id
    from activations a
    join licenses l on l.id = a.license_id
    where l.key = ${machine.license_key}`;
  const path = `/api/admin/devices/${id}/license-file`;
  assert.deepEqual((await viewer.get(path)).body, { license_file: null });
  const issued = await manager.post(path, { ttl: 3600 });
  assert.equal(issued.status, 201, JSON.stringify(issued.body));
  assert.ok(isFor(await readFile(issued.body.license_file, keys), machine.hardware_hash));
  const { license_file: last } = (await viewer.get(path)).body;
  assert.deepEqual([last.seq, last.returned_at, last.is_borrowed], [issued.body.seq, null, false]);
  await server.post("/api/license/deactivate", machine);
  assert.equal((await manager.post(path, {})).body.error.code, "ACTIVATION_INACTIVE");
  for (
    const missing of [
      await viewer.get(path.replace(`${id}`, "999999")),
      await manager.post(path.replace(`${id}`, "999999"), {}),
    ]
  ) {
    assert.equal(missing.status, 404);
  }
});

test("the server stops", () => server.stop());
