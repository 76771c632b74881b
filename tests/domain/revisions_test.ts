// Revisions: of two updates of what both saw one is refused with the current values, and nothing else outdates a revision.
import assert from "node:assert/strict";
import { createUser } from "../../server/domain/accounts/users.ts";
import { disableUser, enableUser } from "../../server/domain/accounts/disable_user.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { getPreferences, setPreference } from "../../server/domain/administrators/preferences.ts";
import type { Context } from "../../server/domain/context.ts";
import { getCustomer, updateCustomer } from "../../server/domain/customers/customers.ts";
import { deactivateDevice } from "../../server/domain/devices/manage.ts";
import { isDomainError } from "../../server/domain/errors.ts";
import { createContact, updateContact } from "../../server/domain/leads/contacts.ts";
import { createLead, deleteLead, getLead, updateLead } from "../../server/domain/leads/leads.ts";
import { listLeads } from "../../server/domain/leads/list.ts";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import { deleteLicense, setLicensesEnabled, updateLicense } from "../../server/domain/licenses/manage.ts";
import { allocateResources, releaseResources } from "../../server/domain/resources/allocate.ts";
import { getResource } from "../../server/domain/resources/list.ts";
import { createResource } from "../../server/domain/resources/resources.ts";
import { revisionOf } from "../../server/domain/revision.ts";
import { getWebhook } from "../../server/domain/webhooks/list.ts";
import { editWebhook, setWebhookEnabled } from "../../server/domain/webhooks/manage.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";
import { makeSubjects } from "../support/editable_subjects.ts";

const system = await createTestSystem();
const ctx = await system.ctx();

const { subjects, product, license, customer, lead, resource, webhook, administrator } = await makeSubjects(
  ctx,
);

/** The facts of a refusal because of the revision. */
async function outdated(work: Promise<unknown>) {
  const error = await work.then(() => null, (error: unknown) => error);
  assert.ok(isDomainError(error, "REVISION_OUTDATED"), String(error));
  return error.facts;
}

for (const [name, { read, update, field, values }] of Object.entries(subjects)) {
  test(`of two updates of one revision of a ${name} one is saved, and the other gets the current values`, async () => {
    const { revision } = await read();
    const results = await Promise.allSettled(values.map((value) => update(value as never, revision)));
    const refused = results.findIndex(({ status }) => status === "rejected");
    assert.deepEqual(results.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
    const { reason } = results[refused] as PromiseRejectedResult;
    assert.ok(isDomainError(reason, "REVISION_OUTDATED"), String(reason));
    const now = await read();
    assert.deepEqual(reason.facts.current[field], values[1 - refused]);
    assert.equal(reason.facts.revision, now.revision);
    assert.notEqual(now.revision, revision);

    // Whoever has seen them may save, and so may who names no revision, as before.
    await update(values[refused] as never, reason.facts.revision);
    assert.deepEqual(
      (await outdated(update(values[1 - refused] as never, revision))).current[field],
      values[refused],
    );
    await update(values[1 - refused] as never);
  });
}

test("a refused update leaves nothing behind: no value, no event, no customer of a lead that was won", async () => {
  const { id, revision } = await createLead(ctx, { name: "Watched" });
  await updateLead(ctx, { id, changes: { city: "Ghent" } });
  const events = async () => (await system.db<{ id: number }[]>`select id from events`).length;
  const before = await events();
  await outdated(updateLead(ctx, { id, changes: { stage: "won", notes: "mine" }, revision }));
  const { stage, notes, customerId, city } = await getLead(ctx, id);
  assert.deepEqual([stage, notes, customerId, city], ["new", "", null, "Ghent"]);
  assert.equal(await events(), before);
});

test("what changes beside the editable values outdates nothing", async () => {
  const seen = await getLicenseById(ctx, license.id);
  await activateLicense(ctx, {
    licenseKey: license.key,
    hardwareId: "beside",
    machineName: null,
    appVersion: null,
  });
  assert.equal((await getLicenseById(ctx, license.id)).activationsInUse, seen.activationsInUse + 1);
  await updateLicense(ctx, { id: license.id, changes: { maxActivations: 7 }, revision: seen.revision });
});

test("what another verb sets outdates the revision as well", async () => {
  const { revision } = await getLicenseById(ctx, license.id);
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  const refused = updateLicense(ctx, { id: license.id, changes: { maxActivations: 8 }, revision });
  assert.equal((await outdated(refused)).current.isActive, false);
});

test("a change that was taken back outdates nothing, and one of several named revisions is enough", async () => {
  const { name, revision } = await getCustomer(ctx, customer.id);
  await updateCustomer(ctx, { id: customer.id, changes: { name: "Between" } });
  await updateCustomer(ctx, { id: customer.id, changes: { name } });
  await updateCustomer(ctx, {
    id: customer.id,
    changes: { email: "a@example.com" },
    revision: ["x", revision],
  });
  await outdated(
    updateCustomer(ctx, { id: customer.id, changes: { name: "Late" }, revision: ["x", revision] }),
  );
  await outdated(updateCustomer(ctx, { id: customer.id, changes: { name: "Late" }, revision: [] }));
});

test("replaced headers of a webhook outdate its revision, which tells nothing of their values", async () => {
  const seen = await getWebhook(ctx, webhook.id);
  await editWebhook(ctx, webhook.id, { headers: { authorization: "first" } }, []);
  const facts = await outdated(
    (async () => await editWebhook(ctx, webhook.id, { headers: {} }, [], {}, { revision: seen.revision }))(),
  );
  assert.deepEqual(Object.keys(facts.current), [
    "url",
    "description",
    "format",
    "eventTypes",
    "headersRevision",
  ]);
  assert.notEqual(facts.current.headersRevision, seen.headersRevision);
  assert.notEqual(facts.current.headersRevision, revisionOf({ headers: { authorization: "first" } }));
});

test("the rows of leads have the revision of the lead, as their stage is changed in the list", async () => {
  const { rows } = await listLeads(ctx, { q: "Watched" });
  assert.deepEqual(rows.map(({ revision }) => revision), [(await getLead(ctx, rows[0].id)).revision]);
});

test("a preference replaces the value that was seen, whatever the order of its keys", async () => {
  const me: Context = {
    ...ctx,
    actor: { kind: "administrator", id: administrator.id, name: "First", role: "viewer" },
  };
  const set = (value: unknown, seen?: unknown) => setPreference(me, { name: "views", value, seen });
  await set([{ name: "one", search: "" }], null);
  await set([{ name: "two", search: "" }], [{ search: "", name: "one" }]);
  assert.deepEqual((await outdated(set([], null))).current, { value: [{ name: "two", search: "" }] });
  const both = await Promise.allSettled([1, 2].map((n) => set(n, [{ name: "two", search: "" }])));
  assert.deepEqual(both.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
  assert.equal((await getPreferences(me)).views, both[0].status === "fulfilled" ? 1 : 2);
  await set("any");
  await set(null, "any");
  await outdated(set(1, "any"));
});

test("a new contact and a new lead can be changed at once", async () => {
  const made = await createContact(ctx, { institutionId: lead.id, name: "New" });
  await updateContact(ctx, { id: made.id, changes: { phone: "1" } });
  const fresh = await createLead(ctx, { name: "Fresh", stage: "contacted" });
  await updateLead(ctx, { id: fresh.id, changes: { city: "Here" }, revision: fresh.revision });
});

test("an action says whether it changed something, so that an undo takes back nothing that others did", async () => {
  const { id } = await createUser(ctx, { email: "switched@example.com", name: "Switched" });
  assert.deepEqual([await disableUser(ctx, id), await disableUser(ctx, id)], [true, false]);
  assert.deepEqual([await enableUser(ctx, id), await enableUser(ctx, id)], [true, false]);
  const set = (on: boolean) => setWebhookEnabled(ctx, webhook.id, on);
  assert.deepEqual([await set(false), await set(false), await set(true), await set(true)], [
    true,
    false,
    true,
    false,
  ]);
  const enable = (enabled: boolean) => setLicensesEnabled(ctx, { ids: [license.id], enabled });
  await enable(true);
  assert.deepEqual([await enable(false), await enable(false), await enable(true)], [[license.id], [], [
    license.id,
  ]]);
  const { activation } = await activateLicense(ctx, {
    licenseKey: license.key,
    hardwareId: "switched",
    machineName: null,
    appVersion: null,
  });
  const device = { licenseId: license.id, deviceId: activation.id };
  assert.deepEqual([await deactivateDevice(ctx, device), await deactivateDevice(ctx, device)], [true, false]);
});

test("a resource is released from the license that was seen, and stays with another one", async () => {
  const { id: other } = await makeLicense(ctx, { productId: product.id });
  const { id } = await createResource(ctx, { type: "server", identifier: "moved" });
  await allocateResources(ctx, { licenseId: other, resourceIds: [id] });
  await assert.rejects(releaseResources(ctx, { resourceIds: [id, resource.id], licenseId: license.id }), {
    code: "RESOURCES_ALLOCATED",
  });
  assert.equal((await getResource(ctx, id)).licenseId, other);
  assert.deepEqual(await releaseResources(ctx, { resourceIds: [id], licenseId: other }), [
    { id, licenseId: other },
  ]);
  assert.deepEqual(await releaseResources(ctx, { resourceIds: [id], licenseId: license.id }), []);
});

test("a deletion can name the revision as well, and deletes nothing that was changed since", async () => {
  const made = await createLead(ctx, { name: "Kept" });
  await updateLead(ctx, { id: made.id, changes: { notes: "Important" } });
  await outdated(deleteLead(ctx, made.id, made.revision));
  const { revision, deletedAt } = await getLead(ctx, made.id);
  assert.equal(deletedAt, null);
  await deleteLead(ctx, made.id, revision);
  const seen = await getLicenseById(ctx, license.id);
  await updateLicense(ctx, { id: license.id, changes: { maxUsers: seen.maxUsers + 1 } });
  await outdated(deleteLicense(ctx, license.id, seen.revision));
  assert.equal((await getLicenseById(ctx, license.id)).deletedAt, null);
});
