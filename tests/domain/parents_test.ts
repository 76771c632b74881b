// Rows cannot refer to deleted customers and products, also with concurrent requests.
import assert from "node:assert/strict";
import { createCustomer, deleteCustomer, restoreCustomer } from "../../server/domain/customers/customers.ts";
import { issueLicense } from "../../server/domain/licenses/issue.ts";
import {
  deleteLicense,
  restoreLicense,
  restoreLicenses,
  updateLicense,
} from "../../server/domain/licenses/manage.ts";
import { deleteProduct } from "../../server/domain/products/products.ts";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { makeLicense, makeProduct, makeRelease } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const ctx = await system.ctx();
const plan = {
  code: "plan",
  name: "Plan",
  licenseType: "subscription",
  duration: "P1Y",
  maxActivations: 1,
  maxUsers: 1,
  features: [],
} as const;

const isRefused = (field: string) => (error: unknown) =>
  error instanceof DomainError && error.code === "INVALID_REQUEST" && error.facts?.field === field;

test("licenses, plans and releases of a deleted product are refused", async () => {
  const { id: productId } = await makeProduct(ctx);
  const { id: customerId } = await createCustomer(ctx, { name: "Someone" });
  await deleteProduct(ctx, productId);
  const refused = isRefused("productId");
  await assert.rejects(issueLicense(ctx, { productId, customerId }), refused);
  await assert.rejects(createPlan(ctx, { ...plan, features: [], productId }), refused);
  await assert.rejects(makeRelease(ctx, productId, "1.0.0"), refused);
});

test("a deleted customer receives neither new nor reassigned licenses", async () => {
  const { id: productId } = await makeProduct(ctx);
  const { id: customerId } = await createCustomer(ctx, { name: "Someone" });
  const license = await makeLicense(ctx);
  await deleteCustomer(ctx, customerId);
  const refused = isRefused("customerId");
  await assert.rejects(issueLicense(ctx, { productId, customerId }), refused);
  await assert.rejects(updateLicense(ctx, { id: license.id, changes: { customerId } }), refused);
});

test("a license can be restored only after its customer", async () => {
  const { id, customerId } = await makeLicense(ctx);
  await deleteLicense(ctx, id);
  await deleteCustomer(ctx, customerId);
  assert.deepEqual(await restoreLicenses(ctx, [id]), []);
  await assert.rejects(
    restoreLicense(ctx, id),
    (error) => error instanceof DomainError && error.code === "CONFLICT",
  );
  await restoreCustomer(ctx, customerId);
  await restoreLicense(ctx, id);
});

test("of concurrent deletion of a customer and issue of a license, one is refused", async () => {
  const { id: productId } = await makeProduct(ctx);
  for (let round = 0; round < 20; round++) {
    const { id: customerId } = await createCustomer(ctx, { name: `Customer ${round}` });
    const [issued, deleted] = await Promise.allSettled([
      issueLicense(ctx, { productId, customerId }),
      deleteCustomer(ctx, customerId),
    ]);
    assert.notEqual(issued.status, deleted.status, `round ${round}`);
  }
});
