// The Python and the C# client of the reference document, with the requests that they send: no API key, `hardware_id`
// as text or as an object, `activation_id` as returned by the server.
import assert from "node:assert/strict";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const send = (path: string, body: unknown) => server.post(path, body, { "x-api-key": null });

test("the Python client validates with the activation id that activation returned", async () => {
  const { key } = await makeLicense(ctx);
  const machine = { license_key: key, hardware_id: "machine" };
  const activated = await send("/api/v1/activate", {
    ...machine,
    machine_name: "host",
    app_version: "1.0.0",
  });
  assert.equal(activated.status, 201);
  assert.equal(activated.body.activation_id, `act_${activated.body.activation.id}`);
  for (const id of [activated.body.activation_id, activated.body.activation.id, undefined, null]) {
    const { status, body } = await send("/api/v1/validate", {
      ...machine,
      activation_id: id,
      app_version: "1.0.0",
    });
    assert.deepEqual([status, body.valid, body.code], [200, true, "VALID"], String(id));
  }
});

test("the activation id of another machine is refused", async () => {
  const { key } = await makeLicense(ctx);
  const [first, second] = [
    await send("/api/v1/activate", { license_key: key, hardware_id: "first" }),
    await send("/api/v1/activate", { license_key: key, hardware_id: "second" }),
  ];
  const { body } = await send("/api/v1/validate", {
    license_key: key,
    hardware_id: "first",
    activation_id: second.body.activation_id,
  });
  assert.deepEqual([body.valid, body.code], [false, "NOT_ACTIVATED"]);
  assert.notEqual(first.body.activation_id, second.body.activation_id);
});

for (const wrong of ["", "act_", "act_0", "act_1x", "act_99999999999999999999", -1, 1.5, true, {}]) {
  test(`${JSON.stringify(wrong)} is refused as an activation id`, async () => {
    const { key } = await makeLicense(ctx);
    const reply = await send("/api/v1/validate", {
      license_key: key,
      hardware_id: "m",
      activation_id: wrong,
    });
    assert.equal(reply.status, 400);
    assert.equal(reply.body.error.details.field, "activation_id");
  });
}

test("the C# client's hardware object identifies one machine in any order of its fields", async () => {
  const { key } = await makeLicense(ctx);
  const send = (hardware: string) =>
    server.post("/api/v1/activate", `{"license_key": "${key}", "hardware_id": ${hardware}}`, {
      "x-api-key": null,
    });
  const first = await send('{"cpu": "Zen 4", "disks": [{"id": 1, "size": 1.0}], "mac": "\\u00e9"}');
  const again = await send('{ "mac": "é", "disks": [{"size": 1, "id": 1}], "cpu": "Zen 4" }');
  const other = await send('{"cpu": "Zen 5", "disks": [{"id": 1, "size": 1}], "mac": "é"}');
  const sly = await send(
    '{"__proto__": {"x": 1}, "cpu": "Zen 5", "disks": [{"id": 1, "size": 1}], "mac": "é"}',
  );
  assert.deepEqual([first.status, again.status, other.status, sly.status], [201, 200, 201, 201]);
  assert.equal(again.body.activation_id, first.body.activation_id);
  assert.match(first.body.activation.hardware_hash, /^[0-9a-f]{64}$/);
});

test("an empty hardware object is refused", async () => {
  const { key } = await makeLicense(ctx);
  for (const hardware of ["{}", "[]", "5", "null", '{"a": "\\ud800"}', '{"a": 1e999}', '" "']) {
    const reply = await server.post(
      "/api/v1/activate",
      `{"license_key": "${key}", "hardware_id": ${hardware}}`,
    );
    assert.equal(reply.status, 400, hardware);
    assert.equal(reply.body.error.details.field, "hardware_id");
  }
});

test("both dialects' fields for the hardware id identify the same machine", async () => {
  const { key } = await makeLicense(ctx, { maxActivations: 1 });
  await send("/api/v1/activate", { license_key: key, hardware_id: "machine" });
  const { status, body } = await server.post("/api/license/verify", {
    license_key: key,
    hardware_hash: "machine",
  });
  assert.deepEqual([status, body.valid], [200, true]);
});

test("the server stops", () => server.stop());
