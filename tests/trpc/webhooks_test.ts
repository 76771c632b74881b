// Webhooks over tRPC: the exact request of a delivery, and the number of deliveries that a replay would send.
import assert from "node:assert/strict";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { makeLicense } from "../support/fixtures.ts";
import { refusalOf, signInToPanel } from "../support/panel.ts";
import { answerWith, startReceiver } from "../support/receiver.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { startTestWorker } from "../support/worker.ts";

const server = await startTestServer({ WEBHOOK_ALLOWED_ADDRESSES: "127.0.0.0/8" });
const worker = await startTestWorker(server);
const { client } = await signInToPanel(server, "owner");

test("A delivery shows its request: URL, headers without the receiver's secrets, and the body", async () => {
  const receiver = await startReceiver(answerWith(204));
  const { id, secret } = await client.webhooks.create.mutate({
    url: receiver.url,
    eventTypes: ["license.disabled"],
    headers: { authorization: "Bearer of-the-receiver" },
  });
  receiver.secret = secret;
  const { id: deliveryId } = await client.webhooks.test.mutate({ id });
  const [arrived] = await receiver.arrived(1);
  const delivery = await eventually(async () => {
    const found = await client.webhooks.delivery.query({ id: deliveryId });
    return found.state === "delivered" && found;
  });
  assert.deepEqual(JSON.parse(delivery.body), arrived.payload);
  const [{ url, headers }] = delivery.attempts;
  assert.equal(url, receiver.url);
  assert.equal(headers?.authorization, null);
  for (const name of ["content-type", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature"]) {
    assert.equal(headers?.[name], arrived.headers[name], name);
  }
  assert.ok(!JSON.stringify(delivery).includes("of-the-receiver"));
  await receiver.stop();
});

test("A replay's deliveries are counted in advance, for the event types of the endpoint", async () => {
  const since = new Date().toISOString();
  const license = await makeLicense(await server.ctx());
  for (const on of [false, true, false]) {
    await setLicensesEnabled(await server.ctx(), { ids: [license.id], enabled: on });
  }
  const { id } = await client.webhooks.create.mutate({
    url: "http://127.0.0.1:9/",
    eventTypes: ["license.disabled"],
  });
  assert.deepEqual(await client.webhooks.countReplay.query({ id, since }), { total: 2, totalIsMore: false });
  assert.equal(await client.webhooks.replay.mutate({ id, since }), 2);
  const until = new Date(Date.parse(since) - 1000).toISOString();
  assert.equal((await client.webhooks.countReplay.query({ id, since: until, until })).total, 0);
  const missing = await refusalOf(client.webhooks.countReplay.query({ id: 999_999, since }));
  assert.equal(missing.code, "NOT_FOUND");
  const page = await client.webhooks.deliveries.query({ id, limit: 1 });
  assert.deepEqual([page.rows.length, page.total], [1, 2]);
  const next = await client.webhooks.deliveries.query({ id, limit: 1, cursor: page.next! });
  assert.notEqual(next.rows[0].id, page.rows[0].id);
  assert.equal(next.next, null);
});

test("server and worker stop", async () => {
  await worker.stop();
  await server.stop();
});
