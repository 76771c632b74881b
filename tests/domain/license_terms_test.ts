// Terms: a license gets a copy of its plan's, each can be its own, and both refuse what contradicts itself.
import assert from "node:assert/strict";
import { createPlan, updatePlan } from "../../server/domain/plans/plans.ts";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import { updateLicense } from "../../server/domain/licenses/manage.ts";
import { claimJob } from "../../server/domain/jobs/lease.ts";
import { issueMany, requestLicenses } from "../../server/domain/licenses/issue_many.ts";
import { contradictions } from "../../server/domain/policy/contradictions.ts";
import { defaultTerms, termNames, type Terms } from "../../server/domain/policy/inputs.ts";
import { columnOfTerm } from "../../server/domain/policy/term_columns.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { cloneStores } from "../support/database.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { test } from "../support/test.ts";

const { db } = await cloneStores();
const ctx = await systemContext(
  db,
  "tests",
  new Date("2026-01-31T12:00:00Z"),
  createCipher("key of the tests"),
);

/** A value for each term that is not its default. */
const others: Terms = {
  maxActivations: 7,
  maxUsers: 8,
  duration: "P1M",
  expiryBasis: "issue",
  renewalBasis: "now",
  graceDays: 14,
  afterExpiry: "entitled_versions",
  updates: "P1Y",
  versions: ">=2.0.0 <3.0.0",
  machineOverage: 25,
  machineLease: "P30D",
  machineReplacement: "longest_idle",
  replacementIdleDays: 60,
  maxNewMachines: 3,
  machineMatching: "two",
  machineUniqueness: "product",
  seatScope: "machine",
  seatTtl: 120,
  seatQueue: true,
  offlineDays: 30,
  offlineBorrowing: true,
  entitlements: { export: true, pages: 12, tier: "gold" },
  meters: { exports: { limit: 1000, period: "month", overage: 10 } },
  trialPer: "none",
};

const termsOf = (row: Terms) => Object.fromEntries(termNames.map((name) => [name, row[name]]));
const plan = (productId: number, terms: Partial<Terms>) =>
  createPlan(ctx, {
    productId,
    code: `plan-${crypto.randomUUID().slice(0, 8)}`,
    name: "Plan",
    licenseType: "subscription",
    features: [],
    duration: null,
    maxActivations: 1,
    maxUsers: 1,
    ...terms,
  });

test("the columns have the defaults of the terms", async () => {
  const product = await makeProduct(ctx);
  const license = await makeLicense(ctx, { productId: product.id, maxActivations: 1, maxUsers: 1 });
  assert.deepEqual(termsOf(license), defaultTerms);
  const [bare] = await db<Terms[]>`
    insert into plans (product_id, code, name, license_type, max_activations, max_users, created_at)
    values (${product.id}, 'bare', 'Bare', 'perpetual', 1, 1, ${ctx.now})
    returning *`;
  assert.deepEqual(termsOf(bare), defaultTerms);
});

test("a license has every term of its plan, and keeps them when the plan changes", async () => {
  const product = await makeProduct(ctx);
  const { id: planId } = await plan(product.id, others);
  const license = await makeLicense(ctx, {
    productId: product.id,
    planId,
    maxActivations: undefined,
    maxUsers: undefined,
  });
  assert.deepEqual(termsOf(license), others);
  assert.deepEqual([license.validUntil, license.updatesUntil], ["2026-02-27", "2027-01-30"]);
  await updatePlan(ctx, { id: planId, changes: { ...defaultTerms } });
  assert.deepEqual(termsOf(await getLicenseById(ctx, license.id)), others);
});

test("licenses that a job issues have the same terms", async () => {
  const product = await makeProduct(ctx);
  const { id: planId } = await plan(product.id, others);
  const { customerId } = await makeLicense(ctx, { productId: product.id });
  await requestLicenses(ctx, { customerId, productId: product.id, planId, count: 3, seatTtl: 60 });
  const { job } = (await claimJob(ctx))!;
  await issueMany(ctx, job, () => ctx.now);
  const rows = await db<Terms[]>`
    select *
    from licenses
    where plan_id = ${planId}`;
  assert.equal(rows.length, 3);
  for (const row of rows) assert.deepEqual(termsOf(row), { ...others, seatTtl: 60 });
});

test("each term of a license can be its own, and its history shows the change", async () => {
  const license = await makeLicense(ctx);
  for (const name of termNames) {
    if (JSON.stringify(others[name]) === JSON.stringify(license[name])) continue;
    await updateLicense(ctx, { id: license.id, changes: { [name]: others[name] } });
    const [{ before, after }] = await db<{ before: Partial<Terms>; after: Partial<Terms> }[]>`
      select before, after
      from events
      where license_id = ${license.id} and type = 'license.updated'
      order by id desc
      limit 1`;
    assert.deepEqual([before[name], after[name]], [license[name], others[name]], name);
  }
  assert.deepEqual(termsOf(await getLicenseById(ctx, license.id)), others);
});

const contradicting: Record<string, Partial<Terms>> = {
  "graceDays, afterExpiry": { graceDays: 1, afterExpiry: "allow" },
  "expiryBasis, duration": { expiryBasis: "first_activation", duration: null },
  "machineReplacement, machineOverage": { machineReplacement: "longest_idle", machineOverage: null },
  "offlineBorrowing, offlineDays": { offlineBorrowing: true },
  "trialPer, licenseType": { trialPer: "machine", duration: "P14D" },
};

test("terms that contradict each other are refused with both names, and nothing changes", async () => {
  const product = await makeProduct(ctx);
  const license = await makeLicense(ctx);
  const { id } = await plan(product.id, {});
  for (const [fields, terms] of Object.entries(contradicting)) {
    const [field, other] = fields.split(", ");
    const refused = { code: "INVALID_REQUEST", facts: { field, reason: "contradicts", other } };
    await assert.rejects(plan(product.id, terms), refused);
    await assert.rejects(updatePlan(ctx, { id, changes: terms }), refused);
    await assert.rejects(makeLicense(ctx, terms), refused);
    await assert.rejects(updateLicense(ctx, { id: license.id, changes: terms }), refused);
  }
  const named = contradictions.map(({ fields }) => fields.join(", "));
  assert.deepEqual(
    Object.keys(contradicting).filter((fields) => !named.includes(fields)),
    [],
  );
  assert.deepEqual(termsOf(await getLicenseById(ctx, license.id)), termsOf(license));
});

test("every term is a column of plans and of licenses, with the same type and default", async () => {
  const columns = await db<{ tableName: string; columnName: string; form: string }[]>`
    select table_name, column_name, concat_ws(' ', data_type, is_nullable, column_default) as form
    from information_schema.columns
    where table_schema = 'public' and table_name in ('plans', 'licenses')`;
  for (const name of termNames) {
    const [one, two, ...more] = columns.filter(({ columnName }) => columnName === columnOfTerm(name));
    assert.ok(one && two && more.length === 0, name);
    assert.equal(one.form, two.form, name);
  }
});
