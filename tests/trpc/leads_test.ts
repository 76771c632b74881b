// Procedures for leads and resources that the documented calls do not have.
import assert from "node:assert/strict";
import { createLead, deleteLead } from "../../server/domain/leads/leads.ts";
import { recordActivity } from "../../server/domain/leads/activities.ts";
import { createResource } from "../../server/domain/resources/resources.ts";
import { makeLicense } from "../support/fixtures.ts";
import { refusalOf, signInToPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { client, cookie } = await signInToPanel(server, "manager");

test("Leads are found by their contacts and show the time of the last note", async () => {
  const contact = { name: "Ida Moor", email: "ida@quarry.example" };
  const { id } = await createLead(ctx, { name: "Quarry Press", contact });
  await createLead(ctx, { name: "Elsewhere" });
  const happenedAt = "2026-02-03T10:00:00.000Z";
  await recordActivity(ctx, { institutionId: id, kind: "call", text: "Called.", happenedAt });
  for (const q of ["ida m", "quarry.ex", "arry pr"]) {
    const { rows } = await client.leads.list.query({ q });
    assert.deepEqual(rows.map(({ name, lastActivityAt }) => [name, lastActivityAt]), [
      ["Quarry Press", happenedAt],
    ]);
  }
  const found = async (q: string, deleted?: true) =>
    (await client.leads.list.query({ q, deleted })).rows.map(({ name }) => name);
  // One or two characters at the beginning only, as everywhere.
  for (const q of ["q", "Qu", "id", "ID"]) assert.deepEqual(await found(q), ["Quarry Press"], q);
  for (const q of ["ua", "ry", "%", "da"]) assert.deepEqual(await found(q), [], q);
  await deleteLead(ctx, id);
  assert.deepEqual([await found("quarry"), await found("arry", true), await found("qu", true)], [
    [],
    ["Quarry Press"],
    ["Quarry Press"],
  ]);
});

test("A deleted contact can be restored", async () => {
  const { id: institutionId } = await createLead(ctx, { name: "Salt & Tide" });
  const { id } = await client.leads.addContact.mutate({ institutionId, name: "Kai" });
  await client.leads.deleteContact.mutate({ id });
  assert.deepEqual((await client.leads.get.query({ id: institutionId })).contacts, []);
  await client.leads.restoreContact.mutate({ id });
  const { contacts } = await client.leads.get.query({ id: institutionId });
  assert.deepEqual(contacts.map(({ name }) => name), ["Kai"]);
  assert.equal((await refusalOf(client.leads.restoreContact.mutate({ id }))).code, "NOT_FOUND");
});

test("GET /leads/export accepts the filters of the list", async () => {
  await createLead(ctx, { name: "Museum of Bells", type: "museum", stage: "qualified" });
  const { id } = await createLead(ctx, { name: "Museum of Fog", type: "museum" });
  await deleteLead(ctx, id);
  const exported = async (query: string) => {
    const reply = await fetch(`${server.url}/leads/export?${query}`, { headers: { cookie: cookie() } });
    return (await reply.text()).split("\r\n").slice(1).filter(Boolean).map((line) => line.split(",")[0]);
  };
  assert.deepEqual(await exported("type=museum"), ["Museum of Bells"]);
  assert.deepEqual(await exported("type=museum&stage=new"), []);
  assert.deepEqual(await exported("type=museum&deleted=true"), ["Museum of Fog"]);
  assert.deepEqual(await exported("q=of+bel&format=csv"), ["Museum of Bells"]);
});

test("Resources show their licenses, and allocation reports what was reassigned", async () => {
  const license = await makeLicense(ctx);
  const [one, two] = [
    await createResource(ctx, { type: "server", identifier: "SRV-1" }),
    await createResource(ctx, { type: "server", identifier: "SRV-2" }),
  ];
  const give = (resourceIds: number[]) =>
    client.resources.allocate.mutate({ licenseId: license.id, resourceIds });
  assert.deepEqual(await give([one.id]), { allocated: 1, newlyAllocated: [one.id] });
  assert.deepEqual(await give([one.id, two.id]), { allocated: 2, newlyAllocated: [two.id] });
  const { licenseKey, customerName } = await client.resources.get.query({ id: one.id });
  assert.equal(licenseKey, license.key);
  assert.match(customerName!, /^Customer/);
  assert.deepEqual(await client.resources.release.mutate({ resourceIds: [two.id] }), [
    { id: two.id, licenseId: license.id },
  ]);
  assert.deepEqual(await client.resources.release.mutate({ resourceIds: [two.id] }), []);
});

test("The server stops without an error", () => server.stop());
