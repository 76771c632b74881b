// The metric of validation results: every call that validates a license counts its result by code.
import assert from "node:assert/strict";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();

async function countsByCode(): Promise<Record<string, number>> {
  const { body } = await server.get("/metrics");
  const lines = (body as string).matchAll(/^latchkey_validations_total\{code="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, code, count]) => [code, Number(count)]));
}

test("verify, heartbeat and v1 validate count their results by code", async () => {
  const ctx = await server.ctx();
  const license = await makeLicense(ctx);
  const machine = { license_key: license.key, hardware_hash: "machine" };
  assert.deepEqual(await countsByCode(), {});
  await server.post("/api/license/verify", machine);
  assert.deepEqual(await countsByCode(), { NOT_ACTIVATED: 1 });
  await server.post("/api/license/activate", machine);
  await server.post("/api/license/verify", machine);
  await server.post("/api/license/heartbeat", machine);
  await server.post("/api/v1/validate", { license_key: license.key, hardware_id: "machine" });
  assert.deepEqual(await countsByCode(), { NOT_ACTIVATED: 1, VALID: 3 });
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  const other = { ...machine, hardware_hash: "another machine" };
  await server.post("/api/license/verify", other);
  assert.deepEqual(await countsByCode(), { NOT_ACTIVATED: 1, VALID: 3, LICENSE_INACTIVE: 1 });
});

test("the server stops without an error", () => server.stop());
