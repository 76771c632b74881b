// Metadata over REST: keys to the letter, whole replacement, filters, history, merging and erasing, and what is refused.
import assert from "node:assert/strict";
import { mergeCustomers } from "../../server/domain/customer_merge/merge.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { eraseCustomers } from "../../server/domain/customers/erase.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeProduct } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer({ RATE_LIMIT_PUBLIC: "1000000" });
const ctx = await server.ctx();
const me = await makeAdministrator(server, "manager");

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/api/admin/${path}`, {
    method,
    headers: { authorization: `Bearer ${me.token}`, "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  // deno-lint-ignore no-explicit-any
  return { status: response.status, body: await response.json() as any };
}

const productId = (await makeProduct(ctx)).id;
const customerId = (await createCustomer(ctx, { name: "Metadata Ltd", email: null })).id;

/** A valid new object of each kind. */
const kinds: Record<string, (n: number) => object> = {
  customers: (n) => ({ name: `Customer ${n}`, email: null }),
  users: (n) => ({ name: `User ${n}`, email: `user${n}@metadata.example` }),
  plans: (n) => ({
    name: `Plan ${n}`,
    code: `metadata-${n}`,
    product_id: productId,
    license_type: "subscription",
    duration: "P1Y",
    max_activations: 1,
    max_users: 1,
    features: [],
  }),
  licenses: () => ({ customer_id: customerId, product_id: productId }),
  products: (n) => ({ name: `Product ${n}`, code: `metadata-${n}` }),
};
let number = 0;
async function make(kind: string, metadata?: unknown) {
  const made = await send("POST", kind, { ...kinds[kind](++number), ...(metadata ? { metadata } : {}) });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body;
}

const given = {
  crmId: "4711",
  "Crm.Sub-id_2": { value: 12.5, public: true },
  CAMEL_case_X: true,
  constructor: { value: "Größe 大", public: false },
};
const stored = {
  crmId: { value: "4711", public: false },
  "Crm.Sub-id_2": { value: 12.5, public: true },
  CAMEL_case_X: { value: true, public: false },
  constructor: { value: "Größe 大", public: false },
};

for (const kind of Object.keys(kinds)) {
  test(`metadata of ${kind} is created, read, replaced and removed, its keys to the letter`, async () => {
    const { id, metadata, revision: _ } = await make(kind, given);
    assert.deepEqual(metadata, stored);
    assert.deepEqual((await make(kind)).metadata, {});
    const read = await send("GET", `${kind}/${id}`);
    assert.deepEqual(read.body.metadata, stored);
    const match = { "if-match": `"${read.body.revision}"` };
    const changed = await send("PATCH", `${kind}/${id}`, { metadata: { other_Key: 1 } }, match);
    assert.deepEqual(changed.body.metadata, { other_Key: { value: 1, public: false } });
    const late = await send("PATCH", `${kind}/${id}`, { metadata: {} }, match);
    assert.equal(late.status, 412);
    assert.deepEqual(late.body.error.details.current.metadata, { other_Key: { value: 1, public: false } });
    // What is not given stays.
    const renamed = await send(
      "PATCH",
      `${kind}/${id}`,
      kind === "licenses" ? { notes: "x" } : { name: "Renamed" },
    );
    assert.deepEqual(renamed.body.metadata, { other_Key: { value: 1, public: false } });
    assert.deepEqual((await send("PATCH", `${kind}/${id}`, { metadata: {} })).body.metadata, {});
    const { rows } = (await send("GET", `events?subject_kind=${kind.slice(0, -1)}&subject_id=${id}`)).body;
    // deno-lint-ignore no-explicit-any
    const changes = rows.filter((event: any) => event.after?.metadata);
    assert.equal(changes.length, 2, JSON.stringify(rows));
    assert.deepEqual(changes[1].before.metadata, stored);
  });

  test(`metadata of ${kind} that is too much or malformed is refused and changes nothing`, async () => {
    const { id } = await make(kind, { kept: 1 });
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`key${n}`, n]));
    const large = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key${n}`, "x".repeat(1000)]));
    for (
      const metadata of [
        many,
        large,
        { "": 1 },
        { "a b": 1 },
        { ["k".repeat(65)]: 1 },
        { ключ: 1 },
        { a: null },
        { a: ["list"] },
        { a: { value: "x", other: 1 } },
        { a: { public: true } },
        { a: "x".repeat(1001) },
        { a: { value: { deep: 1 } } },
        [],
        "text",
        null,
      ]
    ) {
      const refused = await send("PATCH", `${kind}/${id}`, { metadata });
      assert.equal(refused.status, 400, JSON.stringify(metadata)?.slice(0, 80));
    }
    const { metadata } = (await send("GET", `${kind}/${id}`)).body;
    assert.deepEqual(metadata, { kept: { value: 1, public: false } });
    const most = Object.fromEntries(Array.from({ length: 50 }, (_, n) => ["k".repeat(60) + n, n]));
    assert.equal((await send("PATCH", `${kind}/${id}`, { metadata: most })).status, 200);
  });
}

for (const kind of ["customers", "users", "licenses"]) {
  test(`lists of ${kind} filter by a key and its value`, async () => {
    const text = await make(kind, { "crm.id": "7", plan: "gold: 1" });
    const count = await make(kind, { "crm.id": 7 });
    const flag = await make(kind, { "crm.id": true });
    const found = async (filter: string) =>
      (await send("GET", `${kind}?sort=id&metadata=${encodeURIComponent(filter)}`)).body.rows
        .map(({ id }: { id: number }) => id);
    assert.deepEqual(await found("crm.id:7"), [text.id, count.id]);
    assert.deepEqual(await found("crm.id:true"), [flag.id]);
    assert.deepEqual(await found("plan:gold: 1"), [text.id]);
    assert.deepEqual(await found("crm.id:"), []);
    assert.deepEqual(await found("Crm.id:7"), []);
    assert.equal((await send("GET", `${kind}?metadata=crm.id`)).status, 400);
  });
}

test("apps read the public metadata of a license, by keys to the letter, and nothing private", async () => {
  const { id, key } = await make("licenses", given);
  const machine = { license_key: key, hardware_hash: "machine" };
  assert.equal((await server.post("/api/license/activate", machine)).status, 201);
  const shown = { "Crm.Sub-id_2": 12.5 };
  const verify = async () => (await server.post("/api/license/verify", machine)).body.metadata;
  for (let call = 0; call < 2; call++) assert.deepEqual(await verify(), shown);
  assert.deepEqual((await server.get(`/api/license/info/${key}`)).body.license.metadata, shown);
  await send("PATCH", `licenses/${id}`, { metadata: { Seat_Plan: { value: "A", public: true } } });
  await eventually(async () => "Seat_Plan" in await verify());
  assert.deepEqual(await verify(), { Seat_Plan: "A" });
});

test("licenses are found by an entitlement", async () => {
  const { id } = await make("licenses");
  await send("PATCH", `licenses/${id}`, { entitlements: { api_access: true, exports: 50 } });
  const found = async (name: string) =>
    (await send("GET", `licenses?entitlement=${name}`)).body.rows.map((row: { id: number }) => row.id);
  assert.deepEqual([await found("exports"), await found("api_access"), await found("api")], [[id], [id], []]);
});

test("a merged customer leaves its metadata to the one that stays, whose keys win", async () => {
  const merged = await make("customers", { both: "merged", only_merged: 1 });
  const into = await make("customers", { both: "stays" });
  const { metadata } = await mergeCustomers(ctx, { id: merged.id, intoId: into.id });
  assert.deepEqual(Object.entries(metadata).map(([key, { value }]) => [key, value]).sort(), [
    ["both", "stays"],
    ["only_merged", 1],
  ]);
});

test("customers with too many keys together are not merged", async () => {
  const keys = (prefix: string) =>
    Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`${prefix}${n}`, n]));
  const [merged, into] = [await make("customers", keys("a")), await make("customers", keys("b"))];
  const refused = await send("POST", `customers/${merged.id}/merge`, { into_id: into.id });
  assert.deepEqual([refused.status, refused.body.error.details.field], [409, "metadata"]);
});

test("an erased customer has no metadata", async () => {
  const { id } = await make("customers", { phone: "+49 30 123456" });
  await eraseCustomers(ctx, [id]);
  assert.deepEqual((await send("GET", `customers/${id}`)).body.metadata, {});
});

const activate = async (key: string, hardwareHash: string, metadata?: unknown) =>
  await server.post("/api/license/activate", {
    license_key: key,
    hardware_hash: hardwareHash,
    machine_name: "Desk",
    ...(metadata === undefined ? {} : { metadata }),
  });

test("an app sets the metadata of its device, reads what is public, and administrators edit it", async () => {
  const { id, key } = await make("licenses");
  await send("PATCH", `licenses/${id}`, { max_activations: 5 });
  const verify = async () =>
    (await server.post("/api/license/verify", { license_key: key, hardware_hash: "described" })).body;
  const first = await activate(key, "described", given);
  assert.equal(first.status, 201, JSON.stringify(first.body));
  assert.deepEqual(first.body.activation.metadata, { "Crm.Sub-id_2": 12.5 });
  for (let call = 0; call < 3; call++) {
    assert.deepEqual((await verify()).activation_metadata, { "Crm.Sub-id_2": 12.5 });
  }
  const deviceId = first.body.activation.id;
  const read = (await send("GET", `devices/${deviceId}`)).body;
  assert.deepEqual(read.metadata, stored);
  // Without it nothing changes; with it all is replaced.
  assert.equal((await activate(key, "described")).body.activation.metadata["Crm.Sub-id_2"], 12.5);
  const room = { room: { value: "Größe 大 12", public: true } };
  const again = await activate(key, "described", room);
  assert.deepEqual([again.status, again.body.activation.metadata], [200, { room: "Größe 大 12" }]);
  for (let call = 0; call < 3; call++) {
    assert.deepEqual((await verify()).activation_metadata, { room: "Größe 大 12" });
  }
  const match = { "if-match": `"${read.revision}"` };
  assert.equal((await send("PATCH", `devices/${deviceId}`, { metadata: {} }, match)).status, 412);
  const changed = await send("PATCH", `devices/${deviceId}`, { metadata: { asset: "A-17" } });
  assert.deepEqual(changed.body.metadata, { asset: { value: "A-17", public: false } });
  assert.equal("activation_metadata" in await verify(), false);
  const info = (await server.get(`/api/license/info/${key}`)).body.activations;
  assert.equal("metadata" in info[0], false);
  const found = async (filter: string) =>
    (await send("GET", `devices?metadata=${encodeURIComponent(filter)}`)).body.rows
      .map((row: { id: number }) => row.id);
  assert.deepEqual([await found("asset:A-17"), await found("asset:A")], [[deviceId], []]);
  const { rows } = (await send("GET", `events?subject_kind=activation&subject_id=${deviceId}`)).body;
  const edit = rows.find(({ type }: { type: string }) => type === "activation.metadata_updated");
  assert.deepEqual([edit.before.metadata, edit.after.metadata], [room, {
    asset: { value: "A-17", public: false },
  }]);
});

test("metadata of a device that is too much or malformed is refused, and nothing is activated", async () => {
  const { key } = await make("licenses");
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`key${n}`, n]));
  for (const metadata of [many, { "a b": 1 }, { a: ["list"] }, { a: "x".repeat(1001) }, [], "text"]) {
    assert.equal(
      (await activate(key, "refused", metadata)).status,
      400,
      JSON.stringify(metadata).slice(0, 60),
    );
  }
  assert.deepEqual((await server.get(`/api/license/info/${key}`)).body.activations, []);
});

test("a device of a deleted license is not edited", async () => {
  const { id, key } = await make("licenses");
  const { activation } = (await activate(key, "deleted")).body;
  await send("DELETE", `licenses/${id}`);
  assert.equal((await send("PATCH", `devices/${activation.id}`, { metadata: { a: 1 } })).status, 404);
  assert.equal((await send("PATCH", "devices/999999", { metadata: { a: 1 } })).status, 404);
});

test("the name __proto__, whose value would be lost, is refused in metadata, entitlements and meters", async () => {
  const { id } = await make("licenses", given);
  for (
    const [field, value] of [
      ["metadata", '{"__proto__": "x", "crmId": "1"}'],
      ["entitlements", '{"__proto__": true}'],
      ["meters", '{"__proto__": {"limit": 1, "period": "day"}}'],
    ]
  ) {
    const { status, body } = await send("PATCH", `licenses/${id}`, JSON.parse(`{"${field}": ${value}}`));
    assert.equal(status, 400, field);
    assert.match(JSON.stringify(body), new RegExp(`${field}.*__proto__.* is reserved`));
  }
  assert.deepEqual((await send("GET", `licenses/${id}`)).body.metadata, stored);
});
