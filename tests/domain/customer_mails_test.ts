// Mails to customers: which events cause one, to whom and with what; once for each event, joined and limited, none that is out
// of date or unsubscribed from, and none for licenses that were imported or created in bulk unless it is asked for.
import assert from "node:assert/strict";
import { disableUser } from "../../server/domain/accounts/disable_user.ts";
import type { UserRow } from "../../server/domain/accounts/users.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { deactivateMachine } from "../../server/domain/activations/deactivate.ts";
import type { Context } from "../../server/domain/context.ts";
import { updateCustomer } from "../../server/domain/customers/customers.ts";
import { claimJob } from "../../server/domain/jobs/lease.ts";
import { requestDelivery } from "../../server/domain/licenses/deliver.ts";
import { recordExpiries } from "../../server/domain/licenses/expiry_events.ts";
import { undoExtension } from "../../server/domain/licenses/extend.ts";
import { issueMany, requestLicenses } from "../../server/domain/licenses/issue_many.ts";
import { deleteLicenses, setLicensesEnabled, updateLicense } from "../../server/domain/licenses/manage.ts";
import { maskKey } from "../../server/domain/licenses/pasted_key.ts";
import { queueCustomerMails } from "../../server/domain/mail/customers/queue_customer_mails.ts";
import { listMails, listUnsubscribed } from "../../server/domain/mail/list.ts";
import { getFailedMails } from "../../server/domain/mail/failed_mails.ts";
import type { MailContent, MailRow } from "../../server/domain/mail/mail.ts";
import { renewLicenses } from "../../server/domain/licenses/renew.ts";
import { getSubscription, setSubscribed } from "../../server/domain/mail/subscriptions.ts";
import { recordThresholds } from "../../server/domain/usage/usage.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";
import { makeUser } from "../support/users.ts";

const system = await createTestSystem();
const allOn = {
  mailLicenseDelivered: true,
  mailLicenseExpiring: true,
  mailLicenseExpired: true,
  mailLicenseRenewed: true,
  mailLimitReached: true,
  mailUsageReached: true,
  mailNewDevice: true,
};
const none = { expired: 0, graceStarted: 0, expiring: 0 };
const PAGES = "https://l.example";

async function at(time: string, settings: Partial<Context["settings"]> = allOn): Promise<Context> {
  const ctx = await system.ctx(new Date(time));
  return { ...ctx, settings: { ...ctx.settings, ...settings } };
}

/** Queues the mails of what was recorded until now. */
async function queueAt(time: string, settings?: Partial<Context["settings"]>, isReady = true) {
  await system.settled();
  return await queueCustomerMails(await at(time, settings), { publicUrl: PAGES, isReady });
}

/** The mails to an address, the oldest first. */
async function mailsTo(email: string): Promise<(MailRow & MailContent)[]> {
  const ctx = await system.ctx();
  const rows = await system.db<MailRow[]>`select * from mails where recipient = ${email} order by id`;
  return rows.map((row) => ({
    ...row,
    ...JSON.parse(row.body ? new TextDecoder().decode(ctx.cipher.decrypt("mail", row.body)) : "{}"),
  }));
}

const kindsTo = async (email: string) => (await mailsTo(email)).map(({ kind }) => kind);

const machine = (licenseKey: string, n: number | string) => ({
  licenseKey,
  hardwareId: `hardware-of-${licenseKey}-${n}`,
  machineName: `LAPTOP-${n}`,
  appVersion: null,
});

test("a license that is created for a customer is delivered once; imported, bulk and trial ones are not", async () => {
  const ctx = await at("2030-03-01T12:00:00Z");
  const customer = { name: "Grace <b>Liu", email: "grace@example.com" };
  const license = await makeLicense(ctx, { customer, validUntil: "2031-02-28" });
  const { customerId, productId } = license;
  await makeLicense(ctx, { customerId, productId, key: "LEGACY-KEY-0001" });
  await makeLicense(ctx, { customerId, productId, isStartedByApp: true });
  await requestLicenses(ctx, { customerId, productId, count: 60 });
  const { job } = (await claimJob(ctx))!;
  await issueMany(ctx, job, () => ctx.now);
  assert.deepEqual(await queueAt("2030-03-01T12:00:01Z"), { queued: 1, skipped: 0 });
  assert.deepEqual(await queueAt("2030-03-01T12:00:02Z"), { queued: 0, skipped: 0 });
  const [mail] = await mailsTo(customer.email);
  assert.match(mail.subject, /^Your license for Product product-/);
  assert.ok(mail.text.includes(license.key) && mail.html.includes(license.key));
  assert.match(mail.text, /^Hello Grace <b>Liu,\n[^]*on 5 devices\.[^]*Expires: 28 February 2031/);
  assert.match(mail.html, /Hello Grace &lt;b&gt;Liu,/);
  assert.doesNotMatch(mail.text, /Plan:/, "it has no plan");
  assert.match(
    mail.unsubscribe!,
    /^https:\/\/l\.example\/account\/unsubscribe\/licenseDelivered\/[0-9a-f-]{36}$/,
  );
  assert.deepEqual([mail.licenseIds, mail.customerId], [[license.id], customerId]);
  assert.ok(mail.eventUid);

  const bulk = await system.db<
    { licenseId: number }[]
  >`select license_id from job_licenses where job_id = ${job.id}`;
  const licenseIds = bulk.map(({ licenseId }) => licenseId);
  assert.equal(licenseIds.length, 60);
  assert.deepEqual(await requestDelivery(await at("2030-03-01T12:01:00Z"), { licenseIds }), {
    requested: 60,
    withoutAddress: 0,
  });
  const off = { mailLicenseDelivered: false };
  assert.deepEqual(
    await queueAt("2030-03-01T12:01:01Z", off),
    { queued: 2, skipped: 0 },
    "no key is left out",
  );
  const keys = (await mailsTo(customer.email)).slice(1).map(({ text }) =>
    text.match(/^[A-Z0-9-]{12,}$/gm)!.length
  );
  assert.deepEqual(keys, [50, 10]);
});

test("a customer is reminded by days in UTC, once for licenses alike, and not of one that was renewed since", async () => {
  const from = await at("2030-03-05T12:00:00Z", {});
  const customer = { name: "ACME", email: "acme@example.com" };
  const one = await makeLicense(from, { customer, validUntil: "2030-04-30" });
  const { customerId, productId } = one;
  const alike = () => makeLicense(from, { customerId, productId, validUntil: "2030-04-30" });
  const [two, renewed, disabled, deleted] = [await alike(), await alike(), await alike(), await alike()];
  await queueAt("2030-03-05T12:00:01Z");
  await system.db`delete from mails`;
  assert.deepEqual(await recordExpiries(await at("2030-03-30T23:59:59Z")), none);
  assert.deepEqual(await recordExpiries(await at("2030-03-31T00:00:00Z")), { ...none, expiring: 5 });
  const changes = { validUntil: "2031-04-30" } as const;
  await updateLicense(await at("2030-03-31T00:00:01Z"), { id: renewed.id, changes });
  await setLicensesEnabled(from, { ids: [disabled.id], enabled: false });
  await deleteLicenses(from, [deleted.id]);
  assert.deepEqual(await queueAt("2030-03-31T00:00:02Z"), { queued: 2, skipped: 0 });
  const mails = await mailsTo(customer.email);
  assert.deepEqual(mails.map(({ kind }) => kind).toSorted(), ["licenseExpiring", "licenseRenewed"]);
  const expiring = mails.find(({ kind }) => kind === "licenseExpiring")!;
  assert.match(expiring.text, /expires in 30 days, on 30 April 2030/);
  assert.ok(expiring.text.includes(`${maskKey(one.key)}\n${maskKey(two.key)}\n`), expiring.text);
  assert.ok(!expiring.text.includes(one.key), "the key itself stays out");
  assert.deepEqual(expiring.licenseIds, [one.id, two.id]);
  assert.equal((await listMails(from, { licenseId: two.id })).length, 1);

  await recordExpiries(await at("2030-04-29T10:00:00Z"));
  await queueAt("2030-04-29T10:00:01Z");
  const last = (await mailsTo(customer.email)).at(-1)!;
  assert.match(last.subject, /expires in 1 day$/);
  assert.equal(last.expiresAt?.toISOString(), "2030-05-01T00:00:00.000Z", "worth sending on its last day");
  await recordExpiries(await at("2030-05-01T00:00:00Z"));
  await queueAt("2030-05-01T00:00:01Z");
  const expired = (await mailsTo(customer.email)).at(-1)!;
  assert.deepEqual([expired.kind, expired.licenseIds], ["licenseExpired", [one.id, two.id]]);
  assert.match(expired.text, /Its last day was 30 April 2030/);
});

test("a renewal is mailed after a minute, and not when it was undone by then", async () => {
  const from = await at("2030-06-01T12:00:00Z", {});
  const customer = { name: "Rita", email: "rita@example.com" };
  const { id } = await makeLicense(from, { customer, validUntil: "2030-06-30" });
  await system.db`update licenses set duration = 'P1Y' where id = ${id}`;
  const { ends } = await renewLicenses(from, { licenseIds: [id] });
  await queueAt("2030-06-01T12:00:01Z", { ...allOn, mailLicenseDelivered: false });
  const [mail] = await mailsTo(customer.email);
  assert.match(mail.text, /New expiration date: 30 June 2031/);
  assert.equal(mail.nextAttemptAt.toISOString(), "2030-06-01T12:01:00.000Z");
  await undoExtension(await at("2030-06-01T12:00:10Z"), { ends });
  assert.deepEqual(await queueAt("2030-06-01T12:00:11Z"), { queued: 0, skipped: 0 });
  const [undone] = await mailsTo(customer.email);
  assert.deepEqual([undone.lastError, undone.body], ["the renewal was undone", null]);
  await updateLicense(await at("2030-06-01T12:05:00Z"), { id, changes: { validUntil: null } });
  await queueAt("2030-06-01T12:05:01Z");
  assert.doesNotMatch((await mailsTo(customer.email)).at(-1)!.text, /expiration date/, "it never expires");
});

test("the last activation of a license is mailed once a day, and not for a license for one device", async () => {
  const from = await at("2030-07-01T12:00:00Z", {});
  const customer = { name: "Lim", email: "lim@example.com" };
  const two = await makeLicense(from, { customer, maxActivations: 2 });
  const single = await makeLicense(from, { customerId: two.customerId, maxActivations: 1 });
  await activateLicense(from, machine(single.key, 1));
  await activateLicense(from, machine(two.key, 1));
  const reach = async (time: string) => {
    await activateLicense(await at(time), machine(two.key, 2));
    await system.settled();
    await recordThresholds(await at(time));
    await queueAt(time, { ...allOn, mailLicenseDelivered: false });
  };
  await reach("2030-07-01T12:00:01Z");
  const [mail] = await mailsTo(customer.email);
  assert.match(
    mail.text,
    /all the devices it allows: 2 of 2 devices\.[^]*deactivate one that you no longer need/,
  );
  assert.doesNotMatch(mail.text, /Manage devices/, "a customer without an account");
  const free = async (time: string) => {
    await deactivateMachine(await at(time), machine(two.key, 2));
    await system.settled();
    await recordThresholds(await at(time));
  };
  await free("2030-07-01T12:01:00Z");
  await reach("2030-07-01T12:02:00Z");
  assert.deepEqual(await kindsTo(customer.email), ["limitReached"]);
  await free("2030-07-02T13:00:00Z");
  await reach("2030-07-02T13:01:00Z");
  assert.deepEqual(await kindsTo(customer.email), ["limitReached", "limitReached"]);
});

/** A user with a license, whose customer has no address. */
async function makeUserOf(
  ctx: Context,
  email: string,
): Promise<{ user: UserRow; key: string; licenseId: number }> {
  const user = await makeUser(ctx, { email, name: "Uma" });
  const license = await makeLicense(ctx, { userId: user.id });
  await updateCustomer(ctx, { id: license.customerId, changes: { email: null } });
  return { user, key: license.key, licenseId: license.id };
}

test("a user is told of a new device that signs in: not of the first, nor of a known one, nor of a key", async () => {
  const ctx = await at("2030-08-01T12:00:00Z", {});
  const { user, key } = await makeUserOf(ctx, "uma@example.com");
  const as = async (time: string) => ({
    ...await at(time),
    actor: { kind: "user", id: user.id, email: user.email } as const,
  });
  const defaults = { mailNewDevice: true };
  await activateLicense(await as("2030-08-01T12:00:01Z"), machine(key, 1));
  await activateLicense(await as("2030-08-01T12:00:02Z"), machine(key, "evil.example"));
  await activateLicense(await at("2030-08-01T12:00:03Z"), machine(key, 3));
  assert.deepEqual(await queueAt("2030-08-01T12:00:04Z", defaults), { queued: 1, skipped: 0 });
  const [mail] = await mailsTo(user.email);
  assert.match(
    mail.text,
    /Device: A device without a name\nTime: 1 Aug 2030, 12:00 UTC\n/,
    "its name could be a link",
  );
  assert.match(mail.text, /Manage devices:\nhttps:\/\/l\.example\/account\n/);
  assert.equal(mail.userId, user.id);
  await deactivateMachine(await at("2030-08-01T12:01:00Z"), machine(key, "evil.example"));
  await activateLicense(await as("2030-08-01T12:01:01Z"), machine(key, "evil.example"));
  assert.deepEqual(await queueAt("2030-08-01T12:01:02Z", defaults), { queued: 0, skipped: 0 });
});

test("who unsubscribed, is disabled or deleted gets none, and what is disabled, too old or without a mail server causes none", async () => {
  const ctx = await at("2030-09-01T12:00:00Z", {});
  const { user, licenseId } = await makeUserOf(ctx, "ulf@example.com");
  const deliver = async (time: string, settings?: Partial<Context["settings"]>, isReady = true) => {
    const { requested } = await requestDelivery(await at(time), { licenseIds: [licenseId] });
    return [requested, (await queueAt(time, settings, isReady)).queued];
  };
  await queueAt("2030-09-01T12:00:01Z", {});
  assert.deepEqual(await mailsTo(user.email), [], "the setting is off by default");
  assert.deepEqual(await deliver("2030-09-01T12:00:02Z", undefined, false), [1, 0]);
  assert.deepEqual(
    await queueAt("2030-09-01T12:00:03Z"),
    { queued: 0, skipped: 0 },
    "nothing is made up for",
  );
  await requestDelivery(await at("2030-09-01T12:00:04Z"), { licenseIds: [licenseId] });
  assert.deepEqual(await queueAt("2030-09-03T12:00:05Z"), { queued: 0, skipped: 0 }, "two days later");

  assert.deepEqual(await deliver("2030-09-04T12:00:00Z"), [1, 1]);
  const [mail] = await mailsTo(user.email);
  const [, kind, token] = mail.unsubscribe!.match(/unsubscribe\/(\w+)\/(.*)$/)!;
  assert.equal((await getSubscription(ctx, { kind, token })).isUnsubscribed, false);
  await setSubscribed(ctx, { kind, token, isSubscribed: false });
  await setSubscribed(ctx, { kind, token, isSubscribed: false });
  assert.equal((await mailsTo(user.email))[0].lastError, "the recipient unsubscribed", "it was waiting");
  const viewer = { ...ctx, actor: { kind: "administrator", id: 1, name: "Vic", role: "viewer" } as const };
  assert.deepEqual((await listMails(viewer, { licenseId })).map(({ state }) => state), ["cancelled"]);
  assert.equal((await getFailedMails(ctx)).count, 0, "owners are not alerted");
  assert.deepEqual(await listUnsubscribed(ctx, { email: "ULF@example.com" }), [
    { kind: "licenseDelivered", title: "License delivered" },
  ]);
  assert.deepEqual(await deliver("2030-09-04T12:01:00Z"), [1, 0]);
  await setSubscribed(ctx, { kind, token, isSubscribed: true });
  assert.deepEqual(await deliver("2030-09-04T12:02:00Z"), [1, 1]);
  const another = { kind, token: crypto.randomUUID() };
  for (const wrong of [another, { kind, token: "x" }, { kind: "signInLink", token }]) {
    await assert.rejects(setSubscribed(ctx, { ...wrong, isSubscribed: false }), { code: "NOT_FOUND" });
  }

  await requestDelivery(await at("2030-09-04T12:03:00Z"), { licenseIds: [licenseId] });
  await disableUser(ctx, user.id);
  assert.deepEqual(await queueAt("2030-09-04T12:03:01Z"), { queued: 0, skipped: 0 });
  assert.deepEqual(await requestDelivery(ctx, { licenseIds: [licenseId] }), {
    requested: 0,
    withoutAddress: 1,
  });
});

test("an address gets no more than twenty mails a day about licenses", async () => {
  const from = await at("2030-10-01T12:00:00Z", {});
  const customer = { name: "Max", email: "max@example.com" };
  const { customerId } = await makeLicense(from, { customer, validUntil: "2030-11-05" });
  for (let n = 0; n < 24; n++) await makeLicense(from, { customerId, validUntil: "2030-11-05" });
  await recordExpiries(await at("2030-10-06T08:00:00Z"));
  assert.deepEqual(await queueAt("2030-10-06T08:00:01Z"), { queued: 20, skipped: 5 });
});

test("the system closes", () => system.db.end());
