// Search finds objects by the values of their metadata, and says by which.
import assert from "node:assert/strict";
import { updateUser } from "../../server/domain/accounts/edit_user.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { eraseActivations } from "../../server/domain/activations/erase.ts";
import { copyActivationTexts } from "../../server/domain/activations/search_texts.ts";
import { updateCustomer } from "../../server/domain/customers/customers.ts";
import { updateDevice } from "../../server/domain/devices/manage.ts";
import { updateLicense } from "../../server/domain/licenses/manage.ts";
import { updatePlan } from "../../server/domain/plans/plans.ts";
import { updateProduct } from "../../server/domain/products/products.ts";
import { searchNames } from "../../server/domain/search/names.ts";
import { searchEverything } from "../../server/domain/search/search.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";
import { makeCatalogue, makeUser, makeUserLicense } from "../support/users.ts";

const system = await createTestSystem();
const ctx = await system.ctx();
const catalogue = await makeCatalogue(ctx);
const user = await makeUser(ctx, { email: "someone@metadata.example", name: "Some One" });
const license = await makeUserLicense(ctx, catalogue, user, "yearly");
const machine = { licenseKey: license.key, hardwareId: "a-machine", machineName: "desk", appVersion: null };
const deviceId = (await activateLicense(ctx, machine)).activation.id;

const of = (value: string | number) => ({
  other: { value: "x", public: true },
  crm_id: { value, public: false },
});
const found = async (q: string) => {
  const [{ hits }, named] = [
    await searchEverything(ctx, { q, type: null, limit: 20 }),
    await searchNames(ctx, { q }),
  ];
  return [...hits, ...named].map(({ type, id, matchedMetadata }) => ({ type, id, matchedMetadata }));
};

const objects = [
  ["customer", license.customerId, updateCustomer],
  ["license", license.id, updateLicense],
  ["user", user.id, updateUser],
  ["plan", license.planId!, updatePlan],
  ["product", license.productId, updateProduct],
  ["device", deviceId, updateDevice],
] as const;

for (const [type, id, update] of objects) {
  test(`a ${type} is found by a value of its metadata, which is named`, async () => {
    const value = `Quagga-${type} 100% grünes_Tier`;
    await update(ctx, { id, changes: { metadata: of(value) } });
    const hit = { type, id, matchedMetadata: { key: "crm_id", value } };
    for (const q of [value, value.toUpperCase(), `agga-${type}`, "100% grü", "es_tier"]) {
      assert.deepEqual((await found(q)).filter((hit) => hit.type === type), [hit], q);
    }
    if (type === "device") {
      await system.settled();
      await copyActivationTexts(ctx);
      assert.deepEqual((await found("agga-device")).filter((hit) => hit.type === type), [hit]);
    }
    await update(ctx, { id, changes: { metadata: of(470_011 + id) } });
    if (type === "device") await copyActivationTexts(ctx);
    const byNumber = (await found(String(470_011 + id))).filter((hit) => hit.type === type);
    assert.deepEqual(byNumber, [{ type, id, matchedMetadata: { key: "crm_id", value: 470_011 + id } }]);
    assert.deepEqual((await found(`agga-${type}`)).filter((hit) => hit.type === type), []);
    await update(ctx, { id, changes: { metadata: {} } });
    if (type === "device") await copyActivationTexts(ctx);
    assert.deepEqual((await found(String(470_011 + id))).filter((hit) => hit.type === type), []);
  });
}

test("an object is found by its name without a word about its metadata", async () => {
  await updateUser(ctx, { id: user.id, changes: { metadata: of("Some One again") } });
  const [hit] = (await found("some one")).filter(({ type }) => type === "user");
  assert.deepEqual(hit, { type: "user", id: user.id, matchedMetadata: null });
});

test("what an app says of its device is searched, and not after an erasure", async () => {
  await activateLicense(ctx, { ...machine, metadata: of("Zebra room") });
  assert.equal((await found("zebra ro")).length, 1);
  await system.settled();
  await copyActivationTexts(ctx);
  assert.equal((await found("zebra ro")).length, 1);
  await eraseActivations(ctx, [license.id]);
  assert.deepEqual(await found("zebra ro"), []);
});

test("the database connections close", () => system.db.end());
