// The metered use of a customer's licenses.
import assert from "node:assert/strict";
import { getCustomerUsage } from "../../server/domain/meters/customer_usage.ts";
import { incrementUsage, reserveUsage } from "../../server/domain/meters/take.ts";
import { makeLicense } from "../support/fixtures.ts";
import { meteredSystem, monthly, use } from "../support/meters.ts";
import { recordStatements } from "../support/statements.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { at, meteredLicense } = meteredSystem(system);

test("the meters of a customer's licenses are listed, the newest license first", async () => {
  const ctx = await at(0);
  const first = await meteredLicense({ exports: monthly(10, 25), renders: monthly(5) });
  const { customerId } = first;
  await makeLicense(ctx, { customerId });
  const second = await meteredLicense({ exports: { limit: 3, period: "forever", overage: null } }, {
    customerId,
  });
  await incrementUsage(ctx, use(first, 12));
  await reserveUsage(ctx, { ...use(second, 2), ttl: 60 });
  const { licenses, areMore } = await getCustomerUsage(ctx, customerId);
  assert.equal(areMore, false);
  assert.deepEqual(
    licenses.map((
      { id, meters },
    ) => [id, meters.map(({ meter, used, reserved }) => [meter, used, reserved])]),
    [
      [second.id, [["exports", 0, 2]]],
      [first.id, [["exports", 12, 0], ["renders", 0, 0]]],
    ],
  );
});

test("use is not read where no license has meters", async () => {
  const ctx = await at(0);
  const { customerId } = await makeLicense(ctx);
  const { db, sent } = recordStatements(system.db);
  assert.deepEqual(await getCustomerUsage({ ...ctx, db }, customerId), { licenses: [], areMore: false });
  assert.ok(!sent().some(({ text }) => text.includes("meter_usage")));
});
