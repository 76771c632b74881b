// Merging customers: what moves, what the person chooses, where the old id leads, and merges at the same time.
import assert from "node:assert/strict";
import {
  createCustomer,
  deleteCustomer,
  getCustomer,
  updateCustomer,
} from "../../server/domain/customers/customers.ts";
import { listDuplicates } from "../../server/domain/customers/duplicates.ts";
import { listCustomers } from "../../server/domain/customers/list.ts";
import { mergeCustomers, previewMerge } from "../../server/domain/customer_merge/merge.ts";
import { getDataSubject } from "../../server/domain/data_protection/subject.ts";
import { isDomainError } from "../../server/domain/errors.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { createLead, getLead, updateLead } from "../../server/domain/leads/leads.ts";
import { issueLicense } from "../../server/domain/licenses/issue.ts";
import { getLicenseById, listLicenses } from "../../server/domain/licenses/list.ts";
import { deleteLicenses, restoreLicense, updateLicense } from "../../server/domain/licenses/manage.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { times } from "../support/concurrency.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const headers = { authorization: `Bearer ${(await makeAdministrator(server, "manager")).token}` };

let number = 0;
async function makePair() {
  number++;
  const merged = await createCustomer(ctx, {
    name: `Harbor Ltd ${number}`,
    email: `old${number}@harbor.example`,
    notes: "Pays late",
    tags: ["vip", "old"],
  });
  const into = await createCustomer(ctx, {
    name: `Harbor Books ${number}`,
    email: `new${number}@harbor.example`,
    notes: "Met at the fair",
    tags: ["vip"],
  });
  return { merged, into, id: merged.id, intoId: into.id };
}

const mergedInto = (customerId: number) => (error: unknown) => {
  assert.ok(isDomainError(error, "CONFLICT"), String(error));
  assert.deepEqual(error.facts, { reason: "merged", subject: "customer", customerId });
  return true;
};

test("everything moves as the preview says, and what is chosen is kept", async () => {
  const { merged, id, intoId } = await makePair();
  const license = await makeLicense(ctx, { customerId: id });
  const deleted = await makeLicense(ctx, { customerId: id });
  await deleteLicenses(ctx, [deleted.id]);
  const lead = await createLead(ctx, { name: "Harbor" });
  const won = await updateLead(ctx, { id: lead.id, changes: { stage: "won" } });
  await mergeCustomers(ctx, { id: won.customerId!, intoId: id });

  const preview = await previewMerge(ctx, { id, intoId });
  assert.deepEqual(preview.moves, {
    licenses: 1,
    deletedLicenses: 1,
    devices: 0,
    users: 0,
    leads: 1,
    mails: 0,
  });
  assert.deepEqual(preview.differing, ["name", "email"]);
  assert.equal(preview.conflict, null);
  const seen = { merged: preview.merged.revision, into: preview.into.revision };
  const stays = await mergeCustomers(ctx, { id, intoId, take: ["email"], seen });
  assert.deepEqual([stays.name, stays.email, stays.notes, stays.tags], [
    preview.into.name,
    merged.email,
    "Met at the fair\n\nPays late",
    ["vip", "old"],
  ]);
  assert.equal((await getLicenseById(ctx, license.id)).customerId, intoId);
  await restoreLicense(ctx, deleted.id);
  assert.equal((await getLicenseById(ctx, deleted.id)).customerId, intoId);
  assert.equal((await getLead(ctx, lead.id)).customerId, intoId);
  // What was merged into the merged customer leads on as well.
  for (const old of [id, won.customerId!]) assert.equal((await getCustomer(ctx, old)).id, intoId);
  for (const deleted of [true, false]) {
    assert.equal((await listCustomers(ctx, { q: merged.name, deleted })).total, 0);
  }
});

test("every table that refers to a customer is known to the merge", async () => {
  const tables = await ctx.db<{ name: string }[]>`
    select c.relname as name
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    where a.attname = 'customer_id' and c.relkind in ('r', 'p') and not c.relispartition
      and c.relnamespace = 'public'::regnamespace
    order by c.relname`;
  assert.deepEqual(
    tables.map(({ name }) => name),
    // Those of api_requests and events keep the id they were recorded with; lists of a customer have those of both.
    ["anomalies", "api_requests", "events", "institutions", "licenses", "mails", "trial_customers", "trials"],
    "Move its rows in server/domain/customer_merge/merge.ts, or read them by `idsOfCustomer`.",
  );
});

test("the old id leads to the customer that stays, and changes are refused with its id", async () => {
  const { merged, id, intoId } = await makePair();
  const answer = await server.post(`/api/admin/customers/${id}/merge`, { into_id: intoId }, headers);
  assert.equal(answer.status, 200);
  assert.equal(answer.body.id, intoId);
  const read = await server.get(`/api/admin/customers/${id}`, headers);
  assert.deepEqual([read.status, read.body.id], [200, intoId]);
  const change = await server.send("PATCH", `/api/admin/customers/${id}`, { name: "Lost" }, headers);
  assert.equal(change.status, 409);
  assert.deepEqual(change.body.error, {
    code: "CONFLICT",
    message: `This customer was merged into customer ${intoId}. Use that one.`,
    details: { reason: "merged", subject: "customer", customer_id: intoId },
  });
  const { id: productId } = await makeProduct(ctx);
  const sold = await issueLicense(ctx, { productId, customerId: id });
  assert.equal(sold.customerId, intoId);
  const { id: other } = await makeLicense(ctx);
  assert.equal((await updateLicense(ctx, { id: other, changes: { customerId: id } })).customerId, intoId);
  assert.equal((await listLicenses(ctx, { customerId: id })).total, 2);
  await assert.rejects(updateCustomer(ctx, { id, changes: { name: "Lost" } }), mergedInto(intoId));
  await assert.rejects(deleteCustomer(ctx, id), mergedInto(intoId));
  await assert.rejects(mergeCustomers(ctx, { id: intoId, intoId: id }), mergedInto(intoId));

  for (const customerId of [id, intoId]) {
    const { rows } = await listEvents(ctx, { customerId });
    const [event] = rows.filter(({ type }) => type === "customer.merged");
    assert.deepEqual([event.subjectId, event.customerId, event.before, event.after], [
      id,
      intoId,
      { name: merged.name, email: merged.email },
      { customerId: intoId },
    ]);
    assert.equal(rows.filter(({ type }) => type === "customer.created").length, 2);
  }
  const subject = await getDataSubject(ctx, { kind: "customer", id });
  assert.deepEqual(subject.customerIds, [id, intoId]);
});

test("what cannot be merged is refused, and changes nothing", async () => {
  const { merged, id, intoId } = await makePair();
  const refused = (code: string) => (error: unknown) => (error as { code: string }).code === code;
  await assert.rejects(mergeCustomers(ctx, { id, intoId: id }), refused("INVALID_REQUEST"));
  for (const other of [{ id, intoId: 999_999 }, { id: 999_999, intoId }]) {
    await assert.rejects(mergeCustomers(ctx, other), refused("NOT_FOUND"));
  }
  const { merged: { revision }, into } = await previewMerge(ctx, { id, intoId });
  await updateCustomer(ctx, { id, changes: { name: "Renamed" } });
  const seen = { merged: revision, into: into.revision };
  await assert.rejects(mergeCustomers(ctx, { id, intoId, seen }), refused("REVISION_OUTDATED"));
  await updateCustomer(ctx, { id, changes: { name: merged.name } });

  await updateCustomer(ctx, { id: intoId, changes: { notes: "x".repeat(19_995) } });
  const tooLong = await server.get(`/api/admin/customers/${id}/merge?into_id=${intoId}`, headers);
  assert.match(
    tooLong.body.conflict,
    /^The notes of both customers have more than 20000 characters together/,
  );
  await assert.rejects(mergeCustomers(ctx, { id, intoId }), refused("CONFLICT"));
  await updateCustomer(ctx, {
    id: intoId,
    changes: { notes: "", tags: Array.from({ length: 19 }, (_, at) => `tag-${at}`) },
  });
  await assert.rejects(mergeCustomers(ctx, { id, intoId }), refused("CONFLICT"));
  const { rows } = await listEvents(ctx, { customerId: id });
  assert.equal(rows.some(({ type }) => type === "customer.merged"), false);

  await deleteCustomer(ctx, id);
  await assert.rejects(mergeCustomers(ctx, { id, intoId }), refused("NOT_FOUND"));
});

test("of two merges in opposite directions one wins, and the other is told who stays", async () => {
  const { id, intoId } = await makePair();
  const { id: licenseId } = await makeLicense(ctx, { customerId: id });
  const results = await Promise.allSettled([
    mergeCustomers(ctx, { id, intoId }),
    mergeCustomers(ctx, { id: intoId, intoId: id }),
  ]);
  const won = results.find((result) => result.status === "fulfilled");
  const lost = results.find((result) => result.status === "rejected");
  assert.ok(won && lost);
  mergedInto(won.value.id)(lost.reason);
  assert.equal((await getLicenseById(ctx, licenseId)).customerId, won.value.id);
});

test("licenses that are sold to the merged customer at the same moment are its successor's", async () => {
  const { id, intoId } = await makePair();
  const { id: productId } = await makeProduct(ctx);
  const [, sold] = await Promise.all([
    mergeCustomers(ctx, { id, intoId }),
    times(20, () => issueLicense(ctx, { productId, customerId: id })),
  ]);
  for (const license of sold) assert.equal((await getLicenseById(ctx, license.id)).customerId, intoId);
  assert.equal((await listLicenses(ctx, { customerId: intoId })).total, 20);
});

test("possible duplicates have the same address, or a similar name and an address of the domain", async () => {
  const { id } = await createCustomer(ctx, { name: "Quarry Optics", email: "Office@quarry.example" });
  const same = await createCustomer(ctx, { name: "Someone", email: "office@Quarry.example" });
  const similar = await createCustomer(ctx, { name: "Quarry Optics Inc.", email: "info@quarry.example" });
  await createCustomer(ctx, { name: "Quarry Optics", email: "office@other.example" });
  await createCustomer(ctx, { name: "Bakery", email: "bakery@quarry.example" });
  assert.deepEqual((await listDuplicates(ctx, id)).map(({ id, reason }) => [id, reason]), [
    [same.id, "same_email"],
    [similar.id, "similar_name"],
  ]);
  await mergeCustomers(ctx, { id: similar.id, intoId: id });
  const answer = await server.get(`/api/admin/customers/${id}/duplicates`, headers);
  assert.deepEqual(answer.body.duplicates.map(({ id }: { id: number }) => id), [same.id]);
});
