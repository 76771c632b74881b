// Webhook deliveries of a license, as its page lists them.
import assert from "node:assert/strict";
import type { Context } from "../../server/domain/context.ts";
import type { Role } from "../../server/domain/actor.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { claimDeliveries, recordAttempts } from "../../server/domain/webhooks/deliver.ts";
import { relayEvents } from "../../server/domain/webhooks/fan_out.ts";
import { listLicenseDeliveries } from "../../server/domain/webhooks/list.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const ctx = await system.ctx();
const as = (role: Role): Context => ({ ...ctx, actor: { kind: "administrator", id: 1, name: role, role } });
const terms = { url: "https://hooks.example.com/secret-path", headers: {}, eventTypes: ["license.disabled"] };
const sent = { url: terms.url, headers: {} };

test("A license's deliveries show event, endpoint and result of the last attempt", async () => {
  const { row } = await createWebhook(ctx, { ...terms, description: "Billing" }, []);
  const license = await makeLicense(ctx);
  const other = await makeLicense(ctx);
  for (const on of [false, true, false]) await setLicensesEnabled(ctx, { ids: [license.id], enabled: on });
  await setLicensesEnabled(ctx, { ids: [other.id], enabled: false });
  await system.settled();
  await relayEvents(ctx);
  const { deliveries: claimed } = (await claimDeliveries(ctx, row.id, 10))!;
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

test("the database connections close", () => system.db.end());
