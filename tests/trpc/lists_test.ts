// Filters and sort orders of the panel's lists.
import assert from "node:assert/strict";
import { createUser } from "../../server/domain/accounts/users.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { countRows } from "../../server/domain/count_rows.ts";
import { createCustomer, deleteCustomer } from "../../server/domain/customers/customers.ts";
import { assignLicense } from "../../server/domain/licenses/assign.ts";
import { deleteLicenses, updateLicense } from "../../server/domain/licenses/manage.ts";
import { makeLicense } from "../support/fixtures.ts";
import { refusalOf, signInToPanel } from "../support/panel.ts";
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

test("Pages are read backwards as they were read forwards, in every order, and the first page is a whole one", async () => {
  const { customerId, productId } = await makeLicense(ctx, { key: "BACK-00" });
  for (let n = 1; n < 7; n++) {
    // Equal values are in the order of the ids.
    await makeLicense(ctx, {
      customerId,
      productId,
      key: `BACK-0${n}`,
      validUntil: n < 4 ? "2031-01-01" : null,
    });
  }
  const list = client.licenses.list;
  for (
    const sort of [
      "id",
      "-id",
      "key",
      "-key",
      "validUntil",
      "-validUntil",
      "updatedAt",
      "-updatedAt",
    ] as const
  ) {
    const read = (cursor?: string | null) =>
      list.query({ customerId, sort, limit: 3, cursor: cursor ?? undefined });
    const first = await read();
    const second = await read(first.next);
    const third = await read(second.next);
    assert.deepEqual([first.previous, third.next, third.rows.length], [null, null, 1], sort);
    const back = await read(third.previous);
    assert.deepEqual(idsOf(back), idsOf(second), sort);
    assert.deepEqual(idsOf(await read(back.next)), idsOf(third), sort);
    const start = await read(back.previous);
    assert.deepEqual([idsOf(start), start.previous, start.total], [idsOf(first), null, 7], sort);
  }
  const { next } = await list.query({ customerId, sort: "-id", limit: 2 });
  const { previous } = await list.query({ customerId, sort: "-id", limit: 2, cursor: next! });
  const { id: newest } = await makeLicense(ctx, { customerId, productId, key: "BACK-99" });
  const start = await list.query({ customerId, sort: "-id", limit: 3, cursor: previous! });
  assert.deepEqual([start.rows.length, start.rows[0].id, start.previous], [3, newest, null]);
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

test("Lists are filtered by the time of creation and by the day of expiry, either end of which may be missing", async () => {
  const { id: old, customerId, productId } = await makeLicense(ctx, {
    key: "RANGE-1",
    validUntil: "2031-03-31",
  });
  const { id: recent } = await makeLicense(ctx, {
    customerId,
    productId,
    key: "RANGE-2",
    validUntil: "2031-04-01",
  });
  const { id: never } = await makeLicense(ctx, { customerId, productId, key: "RANGE-3" });
  await ctx.db`
    update licenses
    set created_at = '2024-05-01T10:00:00Z'
    where id = ${old}`;
  const found = async (filter: Parameters<typeof client.licenses.list.query>[0]) =>
    idsOf(await client.licenses.list.query({ customerId, ...filter }));
  const at = "2024-05-01T10:00:00Z";
  assert.deepEqual(await found({ createdSince: at, createdUntil: "2024-05-01T10:00:01Z" }), [old]);
  assert.deepEqual(await found({ createdUntil: at }), [], "the end is exclusive");
  assert.deepEqual(await found({ createdSince: "2024-05-01T12:00:01+02:00" }), [never, recent]);
  assert.deepEqual(
    await found({ endsFrom: "2031-03-31" }),
    [recent, old],
    "what never expires expires on no day",
  );
  assert.deepEqual(await found({ endsFrom: "2031-04-01", endsBy: "2031-04-01" }), [recent]);
  assert.deepEqual(await found({ endsBy: "2031-03-31" }), [old]);
  assert.equal((await refusalOf(found({ createdSince: "yesterday" }))).code, "INVALID_REQUEST");

  const customers = await client.customers.list.query({ createdUntil: "2024-01-01T00:00:00Z" });
  assert.deepEqual(customers.rows, []);
  const { activation } = await activateLicense(ctx, {
    licenseKey: "RANGE-3",
    hardwareId: "ranged",
    machineName: null,
    appVersion: null,
  });
  const activated = async (filter: { activatedSince?: string; activatedUntil?: string }) =>
    idsOf(await client.devices.list.query({ licenseId: never, ...filter }));
  const then = activation.activatedAt.toISOString();
  assert.deepEqual(await activated({ activatedSince: then }), [activation.id]);
  assert.deepEqual(await activated({ activatedUntil: then }), []);
});

test("What a deletion would be refused for is known before", async () => {
  const { id, customerId, productId } = await makeLicense(ctx);
  const conflicts = () =>
    Promise.all([
      client.customers.deleteConflict.query({ id: customerId }),
      client.products.deleteConflict.query({ id: productId }),
    ]);
  for (const message of await conflicts()) assert.match(message!, /license/);
  await deleteLicenses(ctx, [id]);
  assert.deepEqual(await conflicts(), [null, null]);
  await deleteCustomer(ctx, customerId);
  assert.equal(await client.customers.deleteConflict.query({ id: customerId }), null);
  assert.equal((await refusalOf(client.customers.deleteConflict.query({ id: 999_999 }))).code, "NOT_FOUND");
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

test("Rows whose matches come late are counted among the first ones, as far as that is cheap", async () => {
  // By its cost, each call is as expensive as reading a row of another table.
  await server.db`
    create function is_between(n integer, first integer, last integer) returns boolean
    language plpgsql immutable cost 1000
    as 'begin return n between first and last; end'`;
  const count = async (rows: number, [first, last]: [number, number], order: "asc" | "desc" = "asc") => {
    const { total, totalIsMore } = await countRows(ctx, {
      from: ctx.db`generate_series(1, ${rows}::integer) r(n)`,
      where: ctx.db`n > 0`,
      checks: {
        conditions: ctx.db`is_between(r.n, ${first}, ${last})`,
        row: ctx.db`r`,
        order: ctx.db`n ${ctx.db.unsafe(order)}`,
      },
    }, 51);
    return [total, totalIsMore];
  };
  // Few rows are counted exactly, whichever pass.
  assert.deepEqual(await count(3000, [2900, 3000]), [101, false]);
  assert.deepEqual(await count(3000, [0, 0]), [0, false]);
  // 50,001 calls are expensive, and 2001 are not. What is said is true in any case, and in the order of the list.
  assert.deepEqual(await count(60_000, [1, 60_000]), [2000, true]);
  assert.deepEqual(await count(60_000, [1001, 60_000]), [1000, true]);
  assert.deepEqual(await count(60_000, [1002, 60_000]), [900, true]);
  assert.deepEqual(await count(60_000, [59_000, 60_000], "desc"), [1000, true]);
  // There are none among the first ones, but the page.
  assert.deepEqual(await count(60_000, [58_000, 60_000]), [51, true]);
});

test("Rows that are cheap to check are all counted, up to 10,000", async () => {
  const count = async (rows: number) =>
    await countRows(ctx, {
      from: ctx.db`generate_series(1, ${rows}::integer) r(n)`,
      where: ctx.db`true`,
      checks: { conditions: ctx.db`r.n % 2 = 0`, row: ctx.db`r`, order: ctx.db`n` },
    });
  assert.deepEqual(await count(20_000), { total: 10_000, totalIsMore: false });
  assert.deepEqual(await count(20_002), { total: 10_000, totalIsMore: true });
});

test("More rows than the plan expects do not make a count expensive", async () => {
  await server.db`
    create function some_rows(count integer) returns setof integer
    language plpgsql stable cost 1_000_000 rows 10
    as 'begin return query select generate_series(1, count); end'`;
  const count = async (rows: number) =>
    await countRows(ctx, {
      from: ctx.db`some_rows(${rows}::integer) s`,
      where: ctx.db`is_between(s, 1, 20_000)`,
    });
  assert.deepEqual(await count(1500), { total: 1500, totalIsMore: false });
  assert.deepEqual(await count(20_000), { total: 5000, totalIsMore: true });
});

test("The server stops without an error", () => server.stop());
