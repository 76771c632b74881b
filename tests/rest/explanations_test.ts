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
