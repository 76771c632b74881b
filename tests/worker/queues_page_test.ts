// The queues' own page, behind a guard.
import assert from "node:assert/strict";
import { Hono } from "hono";
import { createQueuesPage } from "../../server/operations/queue_dashboard_app.ts";
import { PREFIX, queues } from "../../worker/queues.ts";
import { cloneStores } from "../support/database.ts";
import { test } from "../support/test.ts";
import { startTestWorker } from "../support/worker.ts";

const stores = await cloneStores();
const path = "/admin/queues";

function mounted(redisUrl: string) {
  const page = createQueuesPage({
    redisUrl,
    path,
    queues: Object.keys(queues),
    prefix: PREFIX,
    guard: async (c, next) => c.req.header("authorization") === "owner" ? await next() : c.text("No", 401),
  });
  const app = new Hono().route(path, page.app);
  return {
    close: page.close,
    get: (below: string, authorization = "owner") =>
      app.request(`${path}${below}`, { headers: { authorization } }),
  };
}

test("the guard stands before every part of the queues' page", async () => {
  const page = mounted(stores.redisUrl);
  for (const below of ["", "/api/queues", "/static/js/x.js"]) {
    assert.equal((await page.get(below, "stranger")).status, 401, below);
  }
  await page.close();
});

test("an owner sees every queue, and the page's own files", async () => {
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
    Object.keys(queues).sort(),
  );
  await page.close();
  await worker.stop();
});

test("without Redis the page says so", async () => {
  const page = mounted("redis://127.0.0.1:1");
  assert.equal((await page.get("")).status, 503);
  await page.close();
  await stores.db.end();
});
