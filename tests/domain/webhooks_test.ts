// Webhook rules that need no network: authorisation, retries, automatic disabling of endpoints, and delivery after a
// restored backup.
import assert from "node:assert/strict";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { type Attempt, findDueDeliveries, recordAttempts } from "../../server/domain/webhooks/deliver.ts";
import { relayEvents } from "../../server/domain/webhooks/fan_out.ts";
import { listDueWebhooks } from "../../server/domain/webhooks/lease.ts";
import { listDeliveries, listWebhooks } from "../../server/domain/webhooks/list.ts";
import {
  createWebhook,
  deleteWebhook,
  editWebhook,
  rotateWebhookSecret,
  setWebhookEnabled,
} from "../../server/domain/webhooks/manage.ts";
import { replaySpan, testWebhook } from "../../server/domain/webhooks/replay.ts";
import { nextAttemptAt, parseRetryAfter } from "../../server/domain/webhooks/retries.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const start = Date.parse("2030-01-01T00:00:00Z");
const HOUR = 3_600_000;
const after = (milliseconds: number) => system.ctx(new Date(start + milliseconds));
const terms = {
  url: "https://example.com/hooks",
  description: "",
  eventTypes: ["license.disabled"],
  headers: {},
};

test("only owners may manage webhooks", async () => {
  const { row: { id } } = await createWebhook(await after(0), terms, []);
  const ctx = {
    ...await after(0),
    actor: { kind: "administrator", id: 1, name: "Mia", role: "manager" } as const,
  };
  const attempts = [
    () => createWebhook(ctx, terms, []),
    () => editWebhook(ctx, id, {}, []),
    () => setWebhookEnabled(ctx, id, false),
    () => rotateWebhookSecret(ctx, id),
    () => deleteWebhook(ctx, id),
    () => testWebhook(ctx, id),
    () => replaySpan(ctx, id, { since: new Date(0) }),
    () => listWebhooks(ctx),
    () => listDeliveries(ctx, id),
  ];
  for (const attempt of attempts) {
    await assert.rejects(async () => await attempt(), { code: "FORBIDDEN" }, String(attempt));
  }
  await deleteWebhook(await after(0), id);
  await assert.rejects(setWebhookEnabled(await after(0), id, true), { code: "NOT_FOUND" });
});

test("invalid input is refused with the field's name and changes nothing", async () => {
  const wrong = [
    ["url", { url: "http://10.0.0.1/" }],
    ["eventTypes", { eventTypes: [] }],
    ["eventTypes", { eventTypes: ["license.exploded"] }],
    ["description", { description: "x".repeat(256) }],
    ["headers", { headers: { "webhook-id": "mine" } }],
    ["headers", { headers: { Host: "elsewhere" } }],
    ["headers", { headers: { "x-a": "line\r\nbreak" } }],
    ["headers", { headers: { "not a name": "x" } }],
  ] as const;
  const before = (await listWebhooks(await after(0))).length;
  for (const [field, change] of wrong) {
    const attempt = async () =>
      await createWebhook(await after(0), { ...terms, ...change } as typeof terms, []);
    await assert.rejects(attempt, (error: { code: string; facts: { field: string } }) => {
      assert.deepEqual([error.code, error.facts.field], ["INVALID_REQUEST", field]);
      return true;
    });
  }
  assert.equal((await listWebhooks(await after(0))).length, before);
});

test("secrets and headers are stored encrypted and not listed", async () => {
  const headers = { authorization: "Bearer of-the-receiver" };
  const { row, secret } = await createWebhook(await after(0), { ...terms, headers }, []);
  const [{ dump }] = await system.db`select w::text as dump from webhooks w where id = ${row.id}`;
  const bytes = dump.replace(
    /\\x([0-9a-f]+)/g,
    (_: string, hex: string) => String.fromCharCode(...hex.match(/../g)!.map((byte) => parseInt(byte, 16))),
  );
  assert.ok(!bytes.includes("of-the-receiver") && !bytes.includes(secret.slice(6, 30)));
  const [shown] = (await listWebhooks(await after(0))).filter(({ id }) => id === row.id);
  assert.deepEqual(shown.headerNames, ["authorization"]);
  assert.ok(!("secret" in shown) && !("headers" in shown));
  await deleteWebhook(await after(0), row.id);
});

test("failed deliveries are retried on the documented schedule with 20 % jitter, and then given up", () => {
  const waits = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
  const now = new Date(start);
  for (const [index, seconds] of waits.entries()) {
    const at = (chance: number) =>
      (nextAttemptAt(now, index + 1, { random: chance })!.getTime() - start) / 1000;
    assert.deepEqual([at(0), at(0.5), at(1)], [seconds * 0.8, seconds, seconds * 1.2]);
  }
  assert.equal(nextAttemptAt(now, 10), null);
});

test("Retry-After is seconds or a date, at most a day, and never brings an attempt forward", () => {
  const now = new Date("2026-03-01T12:00:00Z");
  const seconds = (text: string | undefined) => {
    const until = parseRetryAfter(text, now);
    return until && (until.getTime() - now.getTime()) / 1000;
  };
  for (
    const [text, expected] of [
      ["120", 120],
      [" 3600 ", 3600],
      ["999999999999999999999", 86_400],
      ["Sun, 01 Mar 2026 12:02:00 GMT", 120],
      ["Sunday, 01-Mar-26 12:02:00 GMT", 120],
      ["Sun Mar  1 12:02:00 2026", 120],
      ["Wed, 01 Mar 2028 12:02:00 GMT", 86_400],
      ["Sun, 01 Mar 2026 11:00:00 GMT", null],
      ["0", null],
      ["-5", null],
      ["1.5", null],
      ["soon", null],
      ["2027", 2027],
      ["2026-03-01T13:00:00Z", null],
      ["", null],
      [undefined, null],
    ] as const
  ) assert.equal(seconds(text), expected, String(text));
  const at = (failures: number, notBefore: Date | null, random = 0.5) =>
    (nextAttemptAt(now, failures, { random, notBefore })!.getTime() - now.getTime()) / 1000;
  assert.equal(at(1, parseRetryAfter("600", now), 0), 600);
  assert.equal(at(1, parseRetryAfter("600", now), 1), 720);
  assert.equal(at(4, parseRetryAfter("600", now)), 7200, "the schedule waits longer");
  assert.equal(nextAttemptAt(now, 10, { notBefore: parseRetryAfter("600", now) }), null);
});

/** Reads the due deliveries of an endpoint and records attempts with the given status. Returns their number. */
async function fail(webhookId: number, milliseconds: number, status: number): Promise<number> {
  const ctx = await after(milliseconds);
  const found = await findDueDeliveries(ctx, webhookId, { limit: 10 });
  const attempts = (found?.deliveries ?? []).map((delivery): Attempt => ({
    delivery,
    at: ctx.now,
    sent: { url: terms.url, headers: {} },
    milliseconds: 5,
    result: { status, answer: "" },
  }));
  if (attempts.length > 0) await recordAttempts(ctx, webhookId, attempts);
  return attempts.length;
}

test("an endpoint that fails for five days is disabled with an event, and one that recovers is not", async () => {
  const license = await makeLicense(await after(0));
  const { row: lost } = await createWebhook(await after(0), terms, []);
  const { row: saved } = await createWebhook(await after(0), terms, []);
  for (let day = 0; day <= 5; day++) {
    await setLicensesEnabled(await after(day * 24 * HOUR), { ids: [license.id], enabled: false });
    await setLicensesEnabled(await after(day * 24 * HOUR), { ids: [license.id], enabled: true });
    await system.settled();
    await relayEvents(await after(day * 24 * HOUR));
    const later = day * 24 * HOUR + 1000;
    assert.ok(await fail(lost.id, later, 500) > 0);
    assert.ok(await fail(saved.id, later, day === 3 ? 200 : 500) > 0);
    const { isActive } = (await listWebhooks(await after(later))).find(({ id }) => id === lost.id)!;
    assert.equal(isActive, day < 5, `day ${day}`);
  }
  const views = await listWebhooks(await after(0));
  const view = (id: number) => views.find((webhook) => webhook.id === id)!;
  assert.equal(view(lost.id).disabledReason, "failing");
  assert.equal(view(saved.id).isActive, true);
  const events = await system.db`
    select subject_id from events where type = 'webhook.disabled' order by id desc`;
  assert.deepEqual(events.map(({ subjectId }) => subjectId), [lost.id]);
  await deleteWebhook(await after(0), lost.id);
  await deleteWebhook(await after(0), saved.id);
});

test("a delivery that was given up stays in the history and is not retried", async () => {
  const { row } = await createWebhook(await after(0), terms, []);
  await testWebhook(await after(0), row.id);
  let at = 0;
  for (let n = 1; n <= 10; n++) {
    assert.equal(await fail(row.id, at, 503), 1, `try ${n}`);
    // At most four days, so that the endpoint is not disabled.
    at += 30 * HOUR;
    await system.db`update webhooks set failing_since = null where id = ${row.id}`;
  }
  assert.equal(await fail(row.id, at + 1000 * HOUR, 503), 0);
  const { rows: [delivery] } = await listDeliveries(await after(at), row.id, { state: "failed" });
  assert.equal(delivery.tries, 10);
  await deleteWebhook(await after(0), row.id);
});

test("after a restore in another cluster no event is lost, and none is sent again", async () => {
  const { row } = await createWebhook(await after(0), terms, []);
  const created = Array.from({ length: 4 }, async () => await makeLicense(await after(0)));
  const licenses = await Promise.all(created);
  const off = async (n: number) =>
    await setLicensesEnabled(await after(n * 1000), { ids: [licenses[n].id], enabled: false });
  await off(0);
  await system.settled();
  await relayEvents(await after(10_000));
  assert.equal(await fail(row.id, 11_000, 200), 1);
  await off(1);
  // The state of a restored backup: its transaction ids come from another cluster and are far ahead of this one.
  await system.db`update event_readers set system_identifier = 'another', transaction_id = '9000000000'`;
  await off(2);
  const ids = async () => (await listDeliveries(await after(0), row.id)).rows.map(({ eventId }) => eventId);
  await system.settled();
  await relayEvents(await after(20_000));
  const afterwards = await ids();
  assert.equal(afterwards.length, 3);
  await off(3);
  await system.settled();
  await relayEvents(await after(30_000));
  assert.equal((await ids()).length, 4);
  assert.equal(await fail(row.id, 31_000, 200), 3, "the first was already sent");
  assert.deepEqual(await listDueWebhooks(await after(99_000)), []);
});

test("the database connections close", () => system.db.end());
