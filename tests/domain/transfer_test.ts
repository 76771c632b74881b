// Transfers of licenses to another customer: the preview equals the result, and a transfer can be undone.
import assert from "node:assert/strict";
import { createCustomer, deleteCustomer } from "../../server/domain/customers/customers.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { getLicenseById, listLicenses } from "../../server/domain/licenses/list.ts";
import { deleteLicenses } from "../../server/domain/licenses/manage.ts";
import { previewChange } from "../../server/domain/licenses/preview.ts";
import { transferLicenses, undoTransfer } from "../../server/domain/licenses/transfer.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const UNKNOWN = 999_999;

test("A transfer equals its preview, is in the history of the new customer, and can be undone", async () => {
  const ctx = await system.ctx();
  const { id, customerId } = await makeLicense(ctx);
  const ids = [id];
  for (let n = 0; n < 2; n++) ids.push((await makeLicense(ctx, { customerId })).id);
  const { id: other } = await createCustomer(ctx, { name: "Harbor Street Books", email: null });
  const theirs = await makeLicense(ctx, { customerId: other });
  const licenseIds = [...ids, theirs.id, UNKNOWN];
  const { first, ...counts } = await previewChange(ctx, {
    licenseIds,
    action: "transfer",
    customerId: other,
  });
  assert.deepEqual(counts, {
    total: 5,
    changes: 3,
    unchanged: 1,
    missing: 1,
    machines: 0,
    eventType: "license.updated",
  });
  assert.deepEqual([first[0].before, first[0].after], [{ customerId }, { customerId: other }]);
  const { transferred, customers } = await transferLicenses(ctx, { licenseIds, customerId: other });
  assert.equal(transferred, 3);
  assert.deepEqual(customers, ids.map((id) => ({ id, was: customerId, is: other })));
  assert.equal((await listLicenses(ctx, { customerId: other })).total, 4);
  const { rows: events } = await listEvents(ctx, { customerId: other, type: "license.updated" });
  assert.deepEqual(events.map(({ before, after }) => [before, after]), [
    ...Array.from({ length: 3 }, () => [{ customerId }, { customerId: other }]),
  ]);

  // One has gone on to a third customer, one is deleted: neither comes back.
  const { customerId: third } = await makeLicense(ctx, {});
  await transferLicenses(ctx, { licenseIds: [ids[0]], customerId: third });
  await deleteLicenses(ctx, [ids[1]]);
  assert.deepEqual(await undoTransfer(ctx, { customers }), { restored: 1, skipped: 2 });
  assert.equal((await getLicenseById(ctx, ids[0])).customerId, third);
  assert.equal((await getLicenseById(ctx, ids[2])).customerId, customerId);

  const { id: gone } = await createCustomer(ctx, { name: "Gone", email: null });
  await deleteCustomer(ctx, gone);
  for (const customerId of [gone, UNKNOWN]) {
    await assert.rejects(transferLicenses(ctx, { licenseIds: ids, customerId }), { code: "INVALID_REQUEST" });
    const customers = [{ id: ids[2], was: customerId, is: (await getLicenseById(ctx, ids[2])).customerId }];
    assert.deepEqual(await undoTransfer(ctx, { customers }), { restored: 0, skipped: 1 });
  }
});

test("the database connections close", () => system.db.end());
