// ETag and If-Match of administration: RFC 9110, sections 8.8.3 and 13.1.1. A change applies to the revision it names.
import assert from "node:assert/strict";
import { createUser } from "../../server/domain/accounts/users.ts";
import { createCustomer, deleteCustomer, getCustomer } from "../../server/domain/customers/customers.ts";
import { createLead } from "../../server/domain/leads/leads.ts";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { createResource } from "../../server/domain/resources/resources.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { readEntityTags } from "../../server/request/preconditions.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense, makeProduct, makeRelease } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const owner = await makeAdministrator(server, "owner");
const other = await makeAdministrator(server, "viewer");

/** Sends a request of the owner; answers are not compared with their schemas here. */
async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${owner.token}`, "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return {
    status: response.status,
    tag: response.headers.get("etag"),
    headers: response.headers,
    body: await response.json(),
  };
}

async function makePath(): Promise<string> {
  const { id } = await createCustomer(ctx, { name: "First", email: null });
  return `/api/admin/customers/${id}`;
}

test("a read answers the tag, with which a change is accepted once", async () => {
  const path = await makePath();
  const read = await send("GET", path);
  assert.match(read.tag!, /^"[\w-]{22}"$/);
  assert.equal(read.tag, `"${read.body.revision}"`);

  const changed = await send("PATCH", path, { name: "Second" }, { "if-match": read.tag! });
  assert.equal(changed.status, 200);
  assert.notEqual(changed.tag, read.tag);
  assert.equal(changed.tag, (await send("GET", path)).tag);

  const late = await send("PATCH", path, { email: "late@example.com" }, { "if-match": read.tag! });
  assert.equal(late.status, 412);
  const { code, message, details } = late.body.error;
  assert.equal(code, "REVISION_OUTDATED");
  assert.match(message, /^This customer was changed since you read it\. Nothing was saved/);
  assert.deepEqual(details, {
    subject: "customer",
    revision: changed.body.revision,
    current: { name: "Second", email: null, notes: "", tags: [], metadata: {} },
  });
  assert.equal((await send("GET", path)).body.email, null);
});

test("any listed tag may match, weak ones never do, and * matches whatever there is", async () => {
  const path = await makePath();
  const change = async (ifMatch: string) =>
    (await send("PATCH", path, { email: "x@example.com" }, { "if-match": ifMatch })).status;
  const tag = async () => (await send("GET", path)).tag!;
  assert.equal(await change(`"other", ${await tag()} ,"a,b"`), 200);
  assert.equal(await change(`,, ${await tag()}`), 200);
  assert.equal(await change("*"), 200);
  assert.equal(await change(`W/${await tag()}`), 412);
  assert.equal(await change('"other"'), 412);
  assert.equal((await send("PATCH", path, { name: "Any" })).status, 200);
  const id = Number(path.split("/").at(-1));
  await deleteCustomer(ctx, id);
  assert.equal(await change("*"), 404);
  assert.equal(await change('"other"'), 404);
  assert.equal((await getCustomer(ctx, id)).name, "Any");
});

test("what is no list of tags is refused, and changes nothing", async () => {
  const path = await makePath();
  for (const ifMatch of ["abc", '"a', "W/", '"a" "b"', ",", '*, "a"', 'w/"a"']) {
    const { status, body } = await send("PATCH", path, { name: "Wrong" }, { "if-match": ifMatch });
    assert.equal(status, 400, ifMatch);
    assert.equal(body.error.details.field, "If-Match");
  }
  assert.equal((await send("GET", path)).body.name, "First");
});

test("tags are read with commas, without space and in any number, in linear time", () => {
  assert.deepEqual(readEntityTags('"a,b","",W/"c" , "d"'), ["a,b", "", "d"]);
  assert.deepEqual(readEntityTags('W/"c"'), []);
  assert.equal(readEntityTags(""), null);
  assert.equal(readEntityTags(`${" ".repeat(100_000)}x`), null);
  assert.equal(readEntityTags(Array.from({ length: 2000 }, (_, n) => `"${n}"`).join())!.length, 2000);
});

test("of many changes of one revision at once exactly one is accepted", async () => {
  const path = await makePath();
  const { tag } = await send("GET", path);
  const replies = await Promise.all(
    Array.from(
      { length: 20 },
      (_, n) => send("PATCH", path, { name: `Name ${n}` }, { "if-match": tag! }),
    ),
  );
  assert.equal(replies.filter(({ status }) => status === 200).length, 1);
  assert.equal(replies.filter(({ status }) => status === 412).length, 19);
  const { name } = replies.find(({ status }) => status === 200)!.body;
  assert.equal((await send("GET", path)).body.name, name);
});

test("under an Idempotency-Key the saved answer has its tag, and another If-Match is another request", async () => {
  const path = await makePath();
  const { tag } = await send("GET", path);
  const headers = { "idempotency-key": crypto.randomUUID(), "if-match": tag! };
  const first = await send("PATCH", path, { name: "Once" }, headers);
  const again = await send("PATCH", path, { name: "Once" }, headers);
  assert.deepEqual([first.status, again.status], [200, 200]);
  assert.equal(again.headers.get("idempotent-replayed"), "true");
  assert.deepEqual([first.tag, again.tag], [`"${first.body.revision}"`, first.tag]);
  const reused = await send("PATCH", path, { name: "Once" }, { ...headers, "if-match": first.tag! });
  assert.equal(reused.body.error.code, "IDEMPOTENCY_KEY_REUSED");
});

test("every object that can be changed has a tag, and refuses another one with its values", async () => {
  const product = await makeProduct(ctx);
  const license = await makeLicense(ctx, { productId: product.id });
  const plan = await createPlan(ctx, {
    productId: product.id,
    code: "plan",
    name: "Plan",
    licenseType: "perpetual",
    duration: null,
    maxActivations: 1,
    maxUsers: 1,
    features: [],
  });
  const terms = { url: "https://example.com/", description: "", eventTypes: ["*"], headers: {} };
  const changes: [path: string, body: object][] = [
    [await makePath(), { name: "Changed" }],
    [`leads/${(await createLead(ctx, { name: "Lead" })).id}`, { city: "Ghent" }],
    [`licenses/${license.id}`, { max_users: 3 }],
    [`plans/${plan.id}`, { max_users: 3 }],
    [`products/${product.id}`, { name: "Changed" }],
    [`releases/${(await makeRelease(ctx, product.id, "1.0.0")).id}`, { release_notes: "Changed" }],
    [`resources/${(await createResource(ctx, { type: "server", identifier: "S" })).id}`, { identifier: "T" }],
    [`users/${(await createUser(ctx, { email: "u@example.com", name: "U" })).id}`, { name: "Changed" }],
    [`webhooks/${(await createWebhook(ctx, terms, [])).row.id}`, { description: "Changed" }],
    [`administrators/${other.id}`, { name: "Changed" }],
    ["settings/keepStatisticsFor", { value: 60 }],
  ];
  for (const [given, body] of changes) {
    const path = given.startsWith("/") ? given : `/api/admin/${given}`;
    const refused = await send("PATCH", path, body, { "if-match": '"another"' });
    assert.equal(refused.status, 412, path);
    const { revision, current } = refused.body.error.details;
    const [[name, value]] = Object.entries(body);
    assert.ok(name in current, `${path}: ${JSON.stringify(current)}`);
    assert.notDeepEqual(current[name], value);
    const changed = await send("PATCH", path, body, { "if-match": `"${revision}"` });
    assert.equal(changed.status, 200, `${path}: ${JSON.stringify(changed.body)}`);
    const list = path.slice(0, path.lastIndexOf("/"));
    const isListedOnly = /administrators|settings/.test(path);
    const read = isListedOnly
      ? (await send("GET", list)).body.rows.find((row: { id?: number; name: string }) =>
        path.endsWith(`/${row.id}`) || path.endsWith(`/${row.name}`)
      )
      : (await send("GET", path)).body;
    assert.equal(changed.tag, `"${read.revision}"`, path);
    // Administrators, settings and users are not deleted.
    if (isListedOnly || path.includes("/users/")) continue;
    assert.equal((await send("DELETE", path, undefined, { "if-match": '"another"' })).status, 412, path);
    assert.equal((await send("GET", path)).tag, changed.tag);
  }
});

test("the documented calls that change something read If-Match and answer the tag", async () => {
  const license = await makeLicense(ctx, { productId: (await makeProduct(ctx)).id });
  const path = `/api/admin/licenses/${license.id}`;
  const { id } = await createUser(ctx, { email: "assigned@example.com", name: "A" });
  const seen = { "if-match": (await send("GET", path)).tag! };
  const quickEdit = (body: object, headers: Record<string, string>) =>
    send("POST", `/api/license/${license.id}/quick-edit`, body, headers);
  const edited = await quickEdit({ max_users: 77 }, seen);
  assert.deepEqual([edited.status, edited.body], [200, {
    success: true,
    message: "License updated successfully",
  }]);
  assert.equal((await quickEdit({ max_activations: 99 }, seen)).status, 412);
  assert.equal((await send("POST", `${path}/assign`, { user_id: id }, seen)).status, 412);
  const assigned = await send("POST", `${path}/assign`, { user_id: id }, { "if-match": edited.tag! });
  const now = await send("GET", path);
  assert.deepEqual([assigned.status, assigned.tag], [200, now.tag]);
  assert.deepEqual([now.body.max_users, now.body.user_id], [77, id]);
  assert.notEqual(now.body.max_activations, 99);
});

test("the form of a lead names its revision in a field, as a form sends no headers", async () => {
  const lead = await createLead(ctx, { name: "By form" });
  const path = `/leads/update/${lead.id}`;
  const first = await send("POST", path, { city: "Ghent", revision: lead.revision });
  assert.equal(first.status, 200);
  assert.deepEqual(Object.keys(first.body), ["success", "lead_id", "message"]);
  const late = await send("POST", path, { name: "By form", city: "", revision: lead.revision });
  assert.deepEqual([late.status, late.body.error.details.current.city], [412, "Ghent"]);
  assert.equal((await send("POST", path, { notes: "x" }, { "if-match": first.tag! })).status, 200);
  assert.equal((await send("POST", path, { notes: "y" })).status, 200);
});

test("licenses are transferred together, without those that have another customer since", async () => {
  const [first, second] = [await makeLicense(ctx), await makeLicense(ctx)];
  const [{ id: one }, { id: another }] = [
    await createCustomer(ctx, { name: "One", email: null }),
    await createCustomer(ctx, { name: "Another", email: null }),
  ];
  const path = "/api/admin/licenses/bulk-transfer";
  const customerOf = async ({ id }: { id: number }) =>
    (await send("GET", `/api/admin/licenses/${id}`)).body.customer_id;
  const ids = { license_ids: [first.id, second.id, 999_999] };
  const moved = await send("POST", path, { ...ids, customer_id: one });
  assert.deepEqual([moved.status, moved.body], [200, { success: true, transferred: 2 }]);
  await send("POST", path, { license_ids: [second.id], customer_id: another });
  // Who saw both at the first customer moves one of them back.
  const back = { ...ids, customer_id: first.customerId, from_customer_id: one };
  assert.deepEqual((await send("POST", path, back)).body, { success: true, transferred: 1 });
  assert.deepEqual([await customerOf(first), await customerOf(second)], [first.customerId, another]);
  const unknown = await send("POST", path, { ...ids, customer_id: 999_999 });
  assert.deepEqual([unknown.status, unknown.body.error.details.field], [400, "customer_id"]);
});
