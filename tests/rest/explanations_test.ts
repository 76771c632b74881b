// Explanations over REST: by id and by key, in the names of the wire.
import assert from "node:assert/strict";
import { makeLicense } from "../support/fixtures.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();

test("a full license is explained by its id and by its key", async () => {
  const ctx = await server.ctx();
  const { id, key } = await makeLicense(ctx, { maxActivations: 0, validUntil: "2999-12-31" });
  const viewer = await makeAdministrator(server, "viewer");
  const byId = await viewer.get(`/api/admin/licenses/${id}/explain?hardware_hash=PC-1`);
  assert.equal(byId.status, 200);
  const { body } = byId;
  assert.deepEqual(
    [body.license_id, body.hardware_hash, body.verify, body.activate],
    [id, "PC-1", "NOT_ACTIVATED", "ACTIVATION_LIMIT_REACHED"],
  );
  const limit = body.checks.find(({ name }: { name: string }) => name === "activation_limit");
  assert.deepEqual(limit.remedies.map(({ changes }: { changes: unknown }) => changes), [{
    max_activations: 1,
  }]);
  const byKey = await viewer.get(`/api/admin/licenses/explain?license_key=${key}&hardware_hash=PC-1`);
  assert.deepEqual(byKey.body, body);
  const later = await viewer.get(`/api/admin/licenses/${id}/explain?on=3000-01-01`);
  assert.equal(later.body.verify, "LICENSE_EXPIRED");
});

test("components and meters are explained over REST", async () => {
  const ctx = await server.ctx();
  const { id, key } = await makeLicense(ctx, {
    machineMatching: "two",
    meters: { exports: { limit: 10, period: "month", overage: 0 } },
  });
  const components = { board: "4d5e6f", disk: "7a8b9c", mac: "1d2e3f" };
  await server.post("/api/license/activate", { license_key: key, hardware_hash: "one", components });
  const viewer = await makeAdministrator(server, "viewer");
  const { status, body } = await viewer.get(
    `/api/admin/licenses/${id}/explain?hardware_hash=other&components=board:4d5e6f,disk:7a8b9c,mac:0`,
  );
  assert.deepEqual([status, body.verify, body.replaces], [200, "VALID", null]);
  const checks = Object.fromEntries(body.checks.map((check: { name: string }) => [check.name, check]));
  assert.deepEqual([checks.components_match.passed, checks.components_match.actual], [true, 2]);
  assert.deepEqual([checks.meter_limit.meter, checks.meter_limit.limit], ["exports", 10]);
  const wrong = await viewer.get(`/api/admin/licenses/${id}/explain?components=board`);
  assert.deepEqual([wrong.status, wrong.body.error.code], [400, "INVALID_REQUEST"]);
});
