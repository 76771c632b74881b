// The queue dashboard without a server; its authorisation is tested in tests/rest/queue_dashboard_test.ts.
import assert from "node:assert/strict";
import { createQueueDashboard } from "../../server/operations/queue_dashboard_app.ts";
import { QUEUE_PREFIX, queueNames } from "../../server/domain/monitoring/queues.ts";
import { cloneStores } from "../support/database.ts";
import { test } from "../support/test.ts";
import { startTestWorker } from "../support/worker.ts";

const stores = await cloneStores();
const path = "/admin/queues";

function mounted(redisUrl: string) {
  const dashboard = createQueueDashboard({
    redisUrl,
    path,
    getPath: (request) => new URL(request.url).pathname,
    queues: [...queueNames],
    prefix: QUEUE_PREFIX,
  });
  return {
    close: dashboard.close,
    get: (below: string) => dashboard.app.request(`${path}${below}`),
  };
}

test("the dashboard lists every queue and serves its assets", async () => {
  const worker = await startTestWorker(stores);
  const page = mounted(stores.redisUrl);
  const html = await (await page.get("")).text();
  assert.match(html, /Latchkey/);
  const script = html.match(/src="([^"]*static\/[^"]+\.js)"/)![1];
  const file = script.startsWith("/") ? script.slice(path.length) : `/${script}`;
  assert.equal((await page.get(file)).status, 200, script);
  const shown = await (await page.get("/api/queues")).json();
  assert.deepEqual(
    shown.queues.map(({ name }: { name: string }) => name).sort(),
    queueNames.toSorted(),
  );
  await page.close();
  await worker.stop();
});

test("without Redis the dashboard answers 503", async () => {
  const page = mounted("redis://127.0.0.1:1");
  assert.equal((await page.get("")).status, 503);
  await page.close();
  await stores.db.end();
});
