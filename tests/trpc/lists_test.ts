// Filters and sort orders of the panel's lists.
import assert from "node:assert/strict";
import { createUser } from "../../server/domain/accounts/users.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { assignLicense } from "../../server/domain/licenses/assign.ts";
import { deleteLicenses, updateLicense } from "../../server/domain/licenses/manage.ts";
import { makeLicense } from "../support/fixtures.ts";
import { signInToPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { client } = await signInToPanel(server, "viewer");
const idsOf = ({ rows }: { rows: { id: number }[] }) => rows.map(({ id }) => id);

test("Licenses are filtered by user and show the user", async () => {
  const [mine, other] = [await makeLicense(ctx), await makeLicense(ctx)];
  const user = await createUser(ctx, { email: "ada@example.com", name: "Ada" });
  await assignLicense(ctx, { id: mine.id, userId: user.id });
  const { rows } = await client.licenses.list.query({ userId: user.id });
  assert.deepEqual(rows.map(({ id, userId, userEmail }) => [id, userId, userEmail]), [
    [mine.id, user.id, "ada@example.com"],
  ]);
  const free = await client.licenses.get.query({ id: other.id });
  assert.deepEqual([free.userId, free.userEmail], [null, null]);
});

test("Licenses are sorted by key and by time of the last change across pages", async () => {
  const { customerId, productId, id: first } = await makeLicense(ctx, { key: "SORT-B" });
  const { id: second } = await makeLicense(ctx, { customerId, productId, key: "SORT-C" });
  const { id: third } = await makeLicense(ctx, { customerId, productId, key: "SORT-A" });
  await updateLicense(await server.ctx(new Date(Date.now() + 60_000)), {
    id: first,
    changes: { maxUsers: 99 },
  });
  const all = async (sort: "key" | "-key" | "updatedAt" | "-updatedAt") => {
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.licenses.list.query({ customerId, sort, cursor, limit: 1 });
      seen.push(...idsOf(page));
      cursor = page.next ?? undefined;
    } while (cursor);
    return seen;
  };
  assert.deepEqual(await all("key"), [third, first, second]);
  assert.deepEqual(await all("-key"), [second, first, third]);
  assert.deepEqual((await all("-updatedAt"))[0], first);
  assert.deepEqual((await all("updatedAt")).at(-1), first);
});

test("Devices are filtered by product and by app version", async () => {
  const [one, two] = [await makeLicense(ctx), await makeLicense(ctx)];
  const run = async ({ key }: { key: string }, hardwareId: string, appVersion: string | null) =>
    (await activateLicense(ctx, { licenseKey: key, hardwareId, machineName: null, appVersion })).activation
      .id;
  const old = await run(one, "a", "1.0.0");
  const unknown = await run(one, "b", null);
  const recent = await run(one, "c", "1.10.0");
  const elsewhere = await run(two, "a", "1.0.0");
  const list = client.devices.list;
  assert.deepEqual(idsOf(await list.query({ productId: one.productId })), [recent, unknown, old]);
  assert.deepEqual(idsOf(await list.query({ appVersion: "1.0.0" })), [elsewhere, old]);
  assert.deepEqual(idsOf(await list.query({ appVersion: "1.0.0", productId: one.productId })), [old]);
});

test("Customers are filtered by having licenses, having none, or having one of a product", async () => {
  const license = await makeLicense(ctx, { customer: { name: "Narrow with", email: "a@narrow.example" } });
  const { id: without } = await createCustomer(ctx, { name: "Narrow without" });
  const deleted = await makeLicense(ctx, { customer: { name: "Narrow gone", email: "b@narrow.example" } });
  await deleteLicenses(ctx, [deleted.id]);
  const list = client.customers.list;
  const having = await list.query({ q: "Narrow", hasLicenses: true });
  assert.deepEqual(having.rows.map(({ id, licenses }) => [id, licenses]), [[license.customerId, 1]]);
  assert.deepEqual(idsOf(await list.query({ q: "Narrow", hasLicenses: false })), [
    deleted.customerId,
    without,
  ]);
  assert.deepEqual(idsOf(await list.query({ productId: license.productId })), [license.customerId]);
  assert.deepEqual(idsOf(await list.query({ productId: deleted.productId })), []);
});

test("Text of one or two letters is found at the beginning only, longer text anywhere", async () => {
  const { id, customerId, productId } = await makeLicense(ctx, {
    customer: { name: "Qz Xavier", email: "qz@short.example" },
  });
  const found = async (q: string) => [
    idsOf(await client.customers.list.query({ q })),
    idsOf(await client.licenses.list.query({ q, productId, state: "active" })),
  ];
  assert.deepEqual(await found("qz"), [[customerId], [id]]);
  assert.deepEqual(await found("xa"), [[], []]);
  assert.deepEqual(await found("xav"), [[customerId], [id]]);
  assert.deepEqual(idsOf(await client.licenses.list.query({ q: "xav", productId, state: "expired" })), []);
});

test("The server stops without an error", () => server.stop());
