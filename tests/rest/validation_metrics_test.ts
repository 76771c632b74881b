// The metric of validation results: every call that validates a license counts its result by code. And histograms, which
// are the same as those of prom-client.
import assert from "node:assert/strict";
import { Histogram, Registry } from "prom-client";
import { createHistogram } from "../../server/request/histogram.ts";
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

test("a histogram is rendered as prom-client renders it", async () => {
  const definition = { name: "latchkey_test", help: "A test", buckets: [0.001, 0.25, 1] };
  const registry = new Registry();
  const expected = new Histogram({ ...definition, labelNames: ["route", "status"], registers: [registry] });
  const histogram = createHistogram(definition);
  for (const labels of [{ route: '/a"b\\c\n', status: "200" }, { route: "/other", status: "503" }]) {
    const series = histogram.series(labels);
    for (const value of [0, 0.001, 0.0010001, 0.5, 1, 7, -1]) {
      expected.labels(labels).observe(value);
      series.observe(value);
      histogram.series(labels).observe(value);
      expected.labels(labels).observe(value);
    }
  }
  assert.equal(histogram.render(), (await registry.metrics()).trimEnd());
  const without = createHistogram(definition);
  without.series({}).observe(2);
  assert.match(
    without.render(),
    /^latchkey_test_bucket\{le="1"\} 0\n.*\{le="\+Inf"\} 1\nlatchkey_test_sum 2\n/m,
  );
});

test("the server stops without an error", () => server.stop());
