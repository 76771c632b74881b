// Webhook delivery from the event to a receiver that uses the `standardwebhooks` library.
import assert from "node:assert/strict";
import { setLicensesEnabled, updateLicense } from "../../server/domain/licenses/manage.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import * as dialects from "../../server/dialects/all.ts";
import { webhookFormatsOf } from "../../server/request/dialect_module.ts";
import { getDelivery, listDeliveries, listWebhooks } from "../../server/domain/webhooks/list.ts";
import {
  createWebhook,
  deleteWebhook,
  editWebhook,
  rotateWebhookSecret,
  setWebhookEnabled,
} from "../../server/domain/webhooks/manage.ts";
import { replayDelivery, replaySpan, testWebhook } from "../../server/domain/webhooks/replay.ts";
import { makeLicense } from "../support/fixtures.ts";
import { answerWith, type Receiver, type ResponseHandler, startReceiver } from "../support/receiver.ts";
import { assertShape } from "../support/assert_shape.ts";
import { createTestSystem } from "../support/system.ts";
import { eventually, test } from "../support/test.ts";
import { startTestWorker } from "../support/worker.ts";
import { workerTiming } from "../../worker/timing.ts";

const formats = webhookFormatsOf(dialects);
const system = await createTestSystem();
const timing = { webhookTimeout: 1500 };
const worker = await startTestWorker(system, {}, [], { timing });
const license = await makeLicense(await system.ctx());
const local = readNetworks(["127.0.0.0/8"]);

/** Starts a receiver and creates an endpoint that sends to it. */
async function listen(
  eventTypes: string[],
  respond: ResponseHandler = answerWith(204),
  headers: Record<string, string> = {},
): Promise<Receiver & { webhookId: number }> {
  const receiver = await startReceiver(respond);
  const terms = { url: receiver.url, description: "A test", eventTypes, headers };
  const { row, secret } = await createWebhook(await system.ctx(), terms, local);
  receiver.secret = secret;
  return Object.assign(receiver, { webhookId: row.id });
}

const stopReceiver = async (receiver: { webhookId: number; stop(): Promise<void> }) => {
  await setWebhookEnabled(await system.ctx(), receiver.webhookId, false);
  await receiver.stop();
};

test("an activation arrives within a second, signed, in the documented shape", async () => {
  const receiver = await listen(["license.activated"], undefined, {
    authorization: "Bearer of the receiver",
  });
  const began = performance.now();
  const { activation } = await activateLicense(await system.ctx(), {
    licenseKey: license.key,
    hardwareId: "machine-1",
    machineName: null,
    appVersion: null,
  });
  const [{ payload, headers, at }] = await receiver.arrived(1);
  assert.ok(at - began < 1000, `${at - began} ms`);
  assertShape(payload, {
    event: "license.activated",
    timestamp: "2025-06-19T10:30:00Z",
    data: { license_id: 123, activation_id: "act_456", customer_id: 789 },
  });
  assert.equal(payload.event, "license.activated");
  assert.deepEqual(payload.data, {
    license_id: license.id,
    activation_id: `act_${activation.id}`,
    customer_id: license.customerId,
  });
  assert.equal(headers.authorization, "Bearer of the receiver");
  assert.equal(headers["content-type"], "application/json");
  await stopReceiver(receiver);
});

test("an endpoint receives only the events that it subscribes to", async () => {
  const [some, all] = [await listen(["license.disabled"]), await listen(["*"])];
  await setLicensesEnabled(await system.ctx(), { ids: [license.id], enabled: false });
  await setLicensesEnabled(await system.ctx(), { ids: [license.id], enabled: true });
  await updateLicense(await system.ctx(), { id: license.id, changes: { maxUsers: 11 } });
  await all.arrived(3);
  await some.arrived(1);
  assert.deepEqual(all.received.map(({ payload }) => payload.event).sort(), [
    "license.disabled",
    "license.enabled",
    "license.updated",
  ]);
  assert.equal(some.received[0].payload.event, "license.disabled");
  assert.equal(
    some.received[0].id,
    all.received.find(({ payload }) => payload.event === "license.disabled")!.id,
  );
  await stopReceiver(some);
  await stopReceiver(all);
});

test("during a rotation requests are signed with both secrets", async () => {
  const receiver = await listen(["license.updated"]);
  const { secret } = await rotateWebhookSecret(await system.ctx(), receiver.webhookId);
  await updateLicense(await system.ctx(), { id: license.id, changes: { maxUsers: 12 } });
  await receiver.arrived(1);
  assert.equal(receiver.refused, 0, "the secret before still verifies");
  receiver.secret = secret;
  await updateLicense(await system.ctx(), { id: license.id, changes: { maxUsers: 13 } });
  await receiver.arrived(2);
  assert.equal(receiver.refused, 0, "the new one verifies");
  assert.equal(receiver.received[1].headers["webhook-signature"].split(" ").length, 2);
  await stopReceiver(receiver);
});

test("a failed delivery is retried under the same id, and every attempt is recorded", async () => {
  const receiver = await listen(["license.updated"], (response, _received, number) => {
    response.writeHead(number === 1 ? 503 : 200).end(number === 1 ? "not now" : "thank you");
  });
  await updateLicense(await system.ctx(), { id: license.id, changes: { maxUsers: 14 } });
  const waiting = await eventually(async () => {
    const { rows: [delivery] } = await listDeliveries(await system.ctx(), receiver.webhookId);
    const tried = delivery?.tries === 1 && await getDelivery(await system.ctx(), delivery.id, formats);
    // Its try is counted before the next one is planned.
    return tried && tried.dueAt !== null && tried;
  });
  const wait = waiting.dueAt!.getTime() - waiting.attempts[0].attemptedAt.getTime();
  assert.ok(wait >= 4000 && wait < 6500, `${wait} ms`);
  assert.equal(receiver.received.length, 1, "not before");
  // The time passes.
  await system.db`update webhook_deliveries set due_at = now() where id = ${waiting.id}`;
  await receiver.arrived(2);
  const [first, second] = receiver.received;
  assert.equal(first.id, second.id);
  const delivery = await eventually(async () => {
    const { rows: deliveries } = await listDeliveries(await system.ctx(), receiver.webhookId);
    return deliveries[0].state === "delivered" &&
      await getDelivery(await system.ctx(), deliveries[0].id, formats);
  });
  assert.deepEqual(delivery.attempts.map(({ status, answer }) => [status, answer]), [
    [503, "not now"],
    [200, "thank you"],
  ]);
  await stopReceiver(receiver);
});

test("a replay of one delivery or of a time span sends the events under the same ids", async () => {
  const receiver = await listen(["license.updated"]);
  const since = new Date();
  await updateLicense(await system.ctx(), { id: license.id, changes: { maxUsers: 15 } });
  await updateLicense(await system.ctx(), { id: license.id, changes: { maxUsers: 16 } });
  await receiver.arrived(2);
  const ids = receiver.received.map(({ id }) => id);
  await eventually(async () =>
    (await listWebhooks(await system.ctx())).find(({ id }) => id === receiver.webhookId)!.waiting === 0
  );
  const { rows: deliveries } = await listDeliveries(await system.ctx(), receiver.webhookId);
  await replayDelivery(await system.ctx(), deliveries[0].id);
  await receiver.arrived(3);
  assert.equal(receiver.received[2].id, deliveries[0].eventUid);
  await eventually(async () =>
    (await getDelivery(await system.ctx(), deliveries[0].id, formats)).state === "delivered"
  );
  assert.equal(await replaySpan(await system.ctx(), receiver.webhookId, { since }), 2);
  await receiver.arrived(5);
  assert.deepEqual(receiver.received.slice(3).map(({ id }) => id).sort(), ids.sort());
  await stopReceiver(receiver);
});

test("events while an endpoint was disabled are not sent automatically, but can be replayed", async () => {
  const receiver = await listen(["license.updated"]);
  const since = new Date();
  await setWebhookEnabled(await system.ctx(), receiver.webhookId, false);
  await updateLicense(await system.ctx(), { id: license.id, changes: { maxUsers: 17 } });
  await assert.rejects(replaySpan(await system.ctx(), receiver.webhookId, { since }), { code: "CONFLICT" });
  await setWebhookEnabled(await system.ctx(), receiver.webhookId, true);
  assert.equal(await replaySpan(await system.ctx(), receiver.webhookId, { since }), 1);
  await receiver.arrived(1);
  await stopReceiver(receiver);
});

test("a test event is sent to its endpoint only", async () => {
  const [tested, other] = [await listen(["license.expired"]), await listen(["*"])];
  const delivery = await testWebhook(await system.ctx(), tested.webhookId);
  await tested.arrived(1);
  assert.equal(tested.received[0].payload.event, "webhook.tested");
  await eventually(async () =>
    (await getDelivery(await system.ctx(), delivery.id, formats)).state === "delivered"
  );
  // Events from just before the other endpoint was created may still reach it.
  assert.ok(other.received.every(({ payload }) => payload.event !== "webhook.tested"));
  await stopReceiver(tested);
  await stopReceiver(other);
});

test("an endpoint that answers 410 Gone is disabled immediately", async () => {
  const receiver = await listen(["license.updated"], answerWith(410));
  await updateLicense(await system.ctx(), { id: license.id, changes: { maxUsers: 18 } });
  const webhook = await eventually(async () =>
    (await listWebhooks(await system.ctx())).find(({ id, isActive }) =>
      id === receiver.webhookId && !isActive
    )
  );
  assert.equal(webhook.disabledReason, "gone");
  const [event] = await system.db`
    select *
    from events
    where type = 'webhook.disabled' and subject_id = ${receiver.webhookId}`;
  assert.deepEqual(event.after, { isActive: false, because: "gone" });
  await receiver.stop();
});

test("endpoints that hang, send an endless response or are down delay no other endpoint", async () => {
  const hanging = await listen(["license.updated"], () => {});
  const endless = await listen(["license.updated"], (response) => {
    response.writeHead(200);
    const more = () => response.destroyed || response.write("x".repeat(65_536), () => setImmediate(more));
    more();
  });
  const down = await listen(["license.updated"]);
  await down.stop();
  const redirecting = await listen(["license.updated"], (response) => {
    response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
  });
  const reachable = await listen(["license.updated"]);
  for (let n = 0; n < 20; n++) {
    await updateLicense(await system.ctx(), { id: license.id, changes: { maxUsers: 20 + n } });
  }
  await reachable.arrived(20, 3000);
  const outcome = async (webhookId: number) =>
    (await listDeliveries(await system.ctx(), webhookId)).rows.at(-1)?.lastOutcome;
  assert.equal(await eventually(() => outcome(endless.webhookId)), "HTTP 200");
  assert.equal(await eventually(() => outcome(down.webhookId)), "The endpoint refuses connections");
  assert.equal(await eventually(() => outcome(redirecting.webhookId)), "HTTP 302");
  assert.equal(await eventually(() => outcome(hanging.webhookId), 12_000), "No response within 1.5 seconds");
  assert.equal(workerTiming.webhookTimeout, 10_000, "in production");
  const { rows: deliveries } = await listDeliveries(await system.ctx(), endless.webhookId);
  const { attempts } = await getDelivery(await system.ctx(), deliveries.at(-1)!.id, formats);
  assert.equal(attempts[0].answer!.length, 4096);
  for (const receiver of [hanging, endless, redirecting, reachable]) await stopReceiver(receiver);
  await setWebhookEnabled(await system.ctx(), down.webhookId, false);
});

test("an endpoint that answers 429 or 503 with Retry-After is not tried before", async () => {
  for (const status of [429, 503]) {
    const receiver = await listen(
      ["license.disabled"],
      (response) => void response.writeHead(status, { "retry-after": "7200" }).end(),
    );
    await setLicensesEnabled(await system.ctx(), { ids: [license.id], enabled: false });
    await receiver.arrived(1);
    const delivery = await eventually(async () => {
      const { rows } = await listDeliveries(await system.ctx(), receiver.webhookId);
      return rows.find(({ tries }) => tries === 1);
    });
    const wait = (delivery.dueAt!.getTime() - Date.now()) / 1000;
    assert.ok(wait > 7100 && wait <= 7200 * 1.2, `${status}: ${wait} s`);
    await setWebhookEnabled(await system.ctx(), receiver.webhookId, false);
    await setLicensesEnabled(await system.ctx(), { ids: [license.id], enabled: true });
    await receiver.stop();
  }
});

test("the format of an endpoint's bodies is chosen among those of the dialects", async () => {
  const terms = { url: "https://example.com/", description: "", eventTypes: ["*"], headers: {} };
  const ctx = await system.ctx();
  const { row } = await createWebhook(ctx, { ...terms, format: "license_api" }, [], formats);
  assert.equal(row.format, "license_api");
  const other = { ...formats, other: () => "{}" };
  assert.equal((await editWebhook(ctx, row.id, { format: "other" }, [], other)).format, "other");
  assert.equal((await editWebhook(ctx, row.id, { description: "x" }, [], other)).format, "other");
  for (const format of ["unknown", "toString", "upload_bridge"]) {
    await assert.rejects(async () => await editWebhook(ctx, row.id, { format }, [], formats), {
      code: "INVALID_REQUEST",
    }, format);
  }
  await deleteWebhook(ctx, row.id);
});

test("the worker counts its jobs and deliveries, and stops", async () => {
  const metrics = await (await fetch(`http://127.0.0.1:${worker.metricsPort}/metrics`)).text();
  assert.match(metrics, /^latchkey_webhook_attempt_duration_seconds_count\{status="410"\} 1$/m);
  assert.match(
    metrics,
    /^latchkey_job_duration_seconds_count\{queue="events",job="relay_events",result="done"\} \d+$/m,
  );
  assert.match(metrics, /^latchkey_queue_jobs\{queue="webhooks",state="waiting"\} \d+$/m);
  await worker.stop();
  await system.db.end();
});
