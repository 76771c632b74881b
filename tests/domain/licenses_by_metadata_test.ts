// Licenses are found by the metadata of their customer and of their plan.
import assert from "node:assert/strict";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { listLicenseIds, listLicenses } from "../../server/domain/licenses/list.ts";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const ctx = await system.ctx();
const product = await makeProduct(ctx);

async function found(query: Parameters<typeof listLicenseIds>[1]): Promise<number[]> {
  const { rows, total } = await listLicenses(ctx, query);
  assert.equal(total, rows.length);
  assert.deepEqual((await listLicenseIds(ctx, query)).ids, rows.map(({ id }) => id));
  return rows.map(({ id }) => id);
}

test("licenses are found by the metadata of their customer and of their plan", async () => {
  const metadata = { "Crm.Account": { value: "EU:7", public: false }, tier: { value: 3, public: false } };
  const customer = await createCustomer(ctx, { name: "Gold Ltd", email: null, metadata });
  const plan = await createPlan(ctx, {
    productId: product.id,
    code: "gold",
    name: "Gold",
    licenseType: "perpetual",
    duration: null,
    maxActivations: 1,
    maxUsers: 1,
    features: [],
    metadata,
  });
  const ofCustomer = await makeLicense(ctx, { productId: product.id, customerId: customer.id });
  const ofPlan = await makeLicense(ctx, { productId: product.id, planId: plan.id });
  await makeLicense(ctx, { productId: product.id });
  assert.deepEqual(await found({ customerMetadata: "Crm.Account:EU:7" }), [ofCustomer.id]);
  assert.deepEqual(await found({ customerMetadata: "tier:3", q: "Gold" }), [ofCustomer.id]);
  assert.deepEqual(await found({ planMetadata: "tier:3" }), [ofPlan.id]);
  assert.deepEqual(await found({ planMetadata: "tier:3", customerMetadata: "tier:3" }), []);
  assert.deepEqual(await found({ customerMetadata: "tier:4" }), []);
  assert.deepEqual(await found({ planMetadata: "tier:4" }), []);
  assert.deepEqual(await found({ metadata: "tier:3" }), []);
});

test("licenses of many customers with the same metadata are found", async () => {
  const count = 1002;
  await db`
    with made as (
      insert into customers (name, metadata, created_at, updated_at)
      select 'Fleet ' || n, '{"fleet": {"value": "yes", "public": false}}', now(), now()
      from generate_series(1, ${count}::integer) as n
      returning id
    )
    insert into licenses (
      key, key_digest, product_id, customer_id, type, valid_from, max_activations, max_users, created_at, updated_at
    )
    select 'FLEET-' || id, sha256(('FLEET-' || id)::bytea), ${product.id}, id, 'perpetual', current_date, 1, 1, now(), now()
    from made`;
  const { rows, total } = await listLicenses(ctx, { customerMetadata: "fleet:yes", limit: 3 });
  assert.deepEqual([rows.length, total], [3, count]);
  assert.equal((await listLicenseIds(ctx, { customerMetadata: "fleet:yes" })).ids.length, count);
  const named = await listLicenses(ctx, { customerMetadata: "fleet:yes", q: "Fleet 501" });
  assert.deepEqual(named.rows.map(({ customerName }) => customerName), ["Fleet 501"]);
});

test("the database connections close", () => db.end());
