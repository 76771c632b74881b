// Webhook deliveries: those of a license as its page lists them, and which worker sends which of them when.
import assert from "node:assert/strict";
import type { Context } from "../../server/domain/context.ts";
import type { Role } from "../../server/domain/actor.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import {
  type DeliveryResult,
  findDueDeliveries,
  recordAttempts,
} from "../../server/domain/webhooks/deliver.ts";
import { relayEvents } from "../../server/domain/webhooks/fan_out.ts";
import {
  leaseWebhook,
  listDueWebhooks,
  releaseWebhook,
  renewWebhookLease,
  suspendWebhook,
} from "../../server/domain/webhooks/lease.ts";
import { listLicenseDeliveries } from "../../server/domain/webhooks/list.ts";
import { createWebhook, deleteWebhook } from "../../server/domain/webhooks/manage.ts";
import { testWebhook } from "../../server/domain/webhooks/replay.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const ctx = await system.ctx();
const as = (role: Role): Context => ({ ...ctx, actor: { kind: "administrator", id: 1, name: role, role } });
const terms = { url: "https://hooks.example.com/secret-path", headers: {}, eventTypes: ["license.disabled"] };
const sent = { url: terms.url, headers: {} };
const endpoint = { ...terms, description: "", eventTypes: ["release.published"] };
const after = (milliseconds: number) =>
  system.ctx(new Date(Date.parse("2030-01-01T00:00:00Z") + milliseconds));

test("A license's deliveries show event, endpoint and result of the last attempt", async () => {
  const { row } = await createWebhook(ctx, { ...terms, description: "Billing" }, []);
  const license = await makeLicense(ctx);
  const other = await makeLicense(ctx);
  for (const on of [false, true, false]) await setLicensesEnabled(ctx, { ids: [license.id], enabled: on });
  await setLicensesEnabled(ctx, { ids: [other.id], enabled: false });
  await system.settled();
  await relayEvents(ctx);
  const { deliveries: claimed } = (await findDueDeliveries(ctx, row.id, { limit: 10 }))!;
  const attempt = (at: number, result: { status: number; answer: string } | { error: string }) =>
    recordAttempts(ctx, row.id, [{ delivery: claimed[at], at: ctx.now, sent, milliseconds: 5, result }]);
  await attempt(0, { status: 503, answer: "later" });
  await attempt(0, { error: "No answer within 10 seconds" });
  await attempt(1, { status: 500, answer: "no" });
  await attempt(1, { status: 200, answer: "fine" });

  const { deliveries, next } = await listLicenseDeliveries(as("viewer"), license.id);
  assert.equal(next, null);
  assert.deepEqual(
    deliveries.map((
      { eventType, endpoint, url, state, attempts, lastStatus },
    ) => [eventType, endpoint, url, state, attempts, lastStatus]),
    [
      ["license.disabled", "Billing", null, "delivered", 2, 200],
      ["license.disabled", "Billing", null, "waiting", 2, null],
    ],
  );
  assert.ok(deliveries.every(({ lastAttemptAt }) => lastAttemptAt?.getTime() === ctx.now.getTime()));
  assert.ok(!JSON.stringify(deliveries).includes("secret-path"));
  const [seen] = (await listLicenseDeliveries(as("owner"), license.id)).deliveries;
  assert.equal(seen.url, terms.url);
});

test("Deliveries are paged, each once, also when several endpoints receive one event", async () => {
  const license = await makeLicense(ctx);
  for (const description of ["One", "Two"]) await createWebhook(ctx, { ...terms, description }, []);
  for (let n = 0; n < 60; n++) await setLicensesEnabled(ctx, { ids: [license.id], enabled: n % 2 === 1 });
  await system.settled();
  await relayEvents(ctx);
  const first = await listLicenseDeliveries(as("viewer"), license.id);
  const second = await listLicenseDeliveries(as("viewer"), license.id, { before: first.next! });
  const all = [...first.deliveries, ...second.deliveries];
  assert.deepEqual([first.deliveries.length, second.next], [50, null]);
  // Thirty events for three endpoints.
  assert.deepEqual([all.length, new Set(all.map(({ id }) => id)).size], [90, 90]);
  const events = all.map(({ eventId }) => eventId);
  assert.deepEqual(events, events.toSorted((a, b) => b - a));
});

test("one worker at a time has the lease of an endpoint, and another takes over when it expires", async () => {
  const { row: { id: webhookId } } = await createWebhook(await after(0), endpoint, []);
  const [one, other] = ["one", "other"].map((name) => ({
    webhookId,
    token: `00000000-0000-0000-0000-00000000${name === "one" ? "0001" : "0002"}`,
  }));
  const lease = async (at: number, of: typeof one) => await leaseWebhook(await after(at), of, 4000);
  assert.deepEqual(await lease(0, one), { unanswered: 0 });
  assert.equal(await lease(3999, other), null, "it is held");
  assert.ok(await renewWebhookLease(await after(3000), one, 4000));
  assert.equal(await lease(6999, other), null, "it was renewed");
  assert.ok(await renewWebhookLease(await after(8000), one, 1000), "nobody has taken it");
  assert.ok(await lease(9000, other), "it has expired");
  assert.equal(await renewWebhookLease(await after(9001), one, 4000), false, "it was lost");
  await releaseWebhook(await after(9001), one);
  assert.equal(await lease(9002, one), null, "who lost it cannot give it up");
  await releaseWebhook(await after(9003), other);
  assert.ok(await lease(9004, one));
  await deleteWebhook(await after(0), webhookId);
});

test("an endpoint that stops answering is suspended as a whole, for longer each time, until it answers", async () => {
  const { row } = await createWebhook(await after(0), endpoint, []);
  await testWebhook(await after(0), row.id);
  await testWebhook(await after(0), row.id);
  const first = { webhookId: row.id, token: "00000000-0000-0000-0000-000000000001" };
  const lost = { webhookId: row.id, token: "00000000-0000-0000-0000-000000000002" };
  const record = async (at: number, result: DeliveryResult, suspend: typeof first | undefined) => {
    const ctx = await after(at);
    const [delivery] = (await findDueDeliveries(ctx, row.id, { limit: 1 }))!.deliveries;
    const attempt = { delivery, at: ctx.now, sent, milliseconds: 5, result };
    // A worker that leases an endpoint makes the row of its state.
    await leaseWebhook(ctx, first, 1000);
    await recordAttempts(ctx, row.id, [attempt], { suspend });
    await releaseWebhook(ctx, first);
  };
  const due = async (at: number) => (await listDueWebhooks(await after(at))).includes(row.id);
  const silence = { error: "No answer within 10 seconds" };
  const dueAgain = async (at: number) => {
    await system.db`update webhook_deliveries set due_at = ${
      (await after(at)).now
    } where webhook_id = ${row.id}`;
  };
  let at = 0;
  await record(at, silence, lost);
  await dueAgain(at);
  for (const pause of [4, 8, 16, 32, 60, 60]) {
    assert.ok(await due(at), "who lost the lease suspends nothing");
    await record(at, silence, first);
    await dueAgain(at);
    assert.equal(await due(at + pause * 1000 - 1), false, `${pause} s`);
    assert.equal(await leaseWebhook(await after(at + pause * 1000 - 1), first, 1000), null);
    at += pause * 1000;
  }
  assert.ok(await due(at));
  await record(at, { status: 500, answer: "" }, first);
  assert.ok(await due(at), "an answer ends it, whatever it is");
  await record(at, silence, undefined);
  await dueAgain(at);
  assert.ok(await due(at), "one request without an answer among others is only a failure");
  await deleteWebhook(await after(0), row.id);
});

test("a backlog is read in pages, in the order in which it is due, without what is under way", async () => {
  const { row } = await createWebhook(await after(0), endpoint, []);
  for (const at of [2, 1, 1, 3]) await testWebhook(await after(at * 1000), row.id);
  const read = async (options: Parameters<typeof findDueDeliveries>[2]) =>
    (await findDueDeliveries(await after(9000), row.id, options))!.deliveries;
  const all = await read({ limit: 10 });
  assert.deepEqual(all.map(({ dueAt }) => (dueAt.getTime() - all[0].dueAt.getTime()) / 1000), [0, 0, 1, 2]);
  assert.ok(all[0].id < all[1].id);
  const ids = async (options: Parameters<typeof findDueDeliveries>[2]) =>
    (await read(options)).map(({ id }) => id);
  assert.deepEqual(await ids({ limit: 2 }), [all[0].id, all[1].id]);
  assert.deepEqual(await ids({ limit: 2, after: all[0] }), [all[1].id, all[2].id]);
  assert.deepEqual(await ids({ limit: 3, except: [all[0].id, all[2].id] }), [all[1].id, all[3].id]);
  await deleteWebhook(await after(0), row.id);
});

test("endpoints that may not answer are tried a few at a time, beside all that answer", async () => {
  const at = await after(3_600_000);
  const answering: number[] = [];
  for (let n = 0; n < 60; n++) {
    answering.push((await createWebhook(at, { ...terms, description: "" }, [])).row.id);
  }
  const { id } = await makeLicense(at);
  await setLicensesEnabled(at, { ids: [id], enabled: false });
  await system.settled();
  await relayEvents(at);
  await system.db`update webhook_deliveries set due_at = null where webhook_id < ${answering[0]}`;
  const listed = async (ctx: Context) => (await listDueWebhooks(ctx)).filter((id) => answering.includes(id));
  const latest = answering.slice(-50);
  assert.deepEqual((await listed(at)).sort((a, b) => a - b), latest, "nothing was delivered to any yet");
  const leaseOf = (webhookId: number) => ({
    webhookId,
    token: `00000000-0000-0000-0000-${String(webhookId).padStart(12, "0")}`,
  });
  for (const webhookId of answering) {
    const lease = leaseOf(webhookId);
    assert.ok(await leaseWebhook(at, lease, 1000), "whoever is not listed can still be leased");
    await releaseWebhook(at, lease);
  }
  assert.deepEqual((await listed(at)).sort((a, b) => a - b), answering);
  const silent = answering.slice(0, 30);
  for (const webhookId of silent) {
    const lease = leaseOf(webhookId);
    await leaseWebhook(at, lease, 1000);
    await suspendWebhook(at, lease);
    await releaseWebhook(at, lease);
  }
  assert.equal((await listed(at)).length, 30, "they are left alone");
  const later = await listed(await after(3_610_000));
  assert.equal(later.filter((id) => silent.includes(id)).length, 10);
  assert.equal(later.filter((id) => !silent.includes(id)).length, 30);
});

test("the database connections close", () => system.db.end());
