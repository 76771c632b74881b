// Trials of plans that give each user, customer or machine one: started by apps without accounts, and issued by
// administrators. Two servers, because nothing that one of them remembers may be what holds the limit.
import assert from "node:assert/strict";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { dayOf } from "../../server/domain/calendar.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { mergeCustomers } from "../../server/domain/customer_merge/merge.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { claimJob } from "../../server/domain/jobs/lease.ts";
import { issueMany, requestLicenses } from "../../server/domain/licenses/issue_many.ts";
import { deleteLicense, setLicensesEnabled, updateLicense } from "../../server/domain/licenses/manage.ts";
import { createPlan, type NewPlan } from "../../server/domain/plans/plans.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { times } from "../support/concurrency.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { type Reply, startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { login, makeCatalogue, makeUser } from "../support/users.ts";

const server = await startTestServer();
const other = await startTestServer({}, server);
const ctx = await server.ctx();
const manager = await makeAdministrator(server, "manager");
const headers = { authorization: `Bearer ${manager.token}` };

let number = 0;
/** A product with a trial plan of 14 days. */
async function makeTrialProduct(terms: Partial<NewPlan> = {}) {
  const product = await makeProduct(ctx);
  const plan = await makeTrialPlan(product.id, terms);
  return { product, plan };
}

function makeTrialPlan(productId: number, terms: Partial<NewPlan> = {}) {
  return createPlan(ctx, {
    productId,
    code: `trial-${++number}`,
    name: "Trial",
    licenseType: "trial",
    features: [],
    duration: "P14D",
    maxActivations: 1,
    maxUsers: 1,
    trialPer: "machine",
    ...terms,
  });
}

const start = (product: string, hardware: string, more: object = {}, through = server) =>
  through.post("/api/license/trial", { hardware_hash: hardware, product, ...more });
const refusalOf = ({ status, body }: Reply) => [status, body.error.code, body.error.details];
const usedBy = (per: string) => [per === "machine" ? 403 : 409, "TRIAL_ALREADY_USED", { per }];
const dayIn = (days: number) => dayOf(new Date(Date.now() + days * 86_400_000));

async function licensesOf(productId: number) {
  return await server.db<{ id: number; customerId: number; activationsInUse: number }[]>`
    select id, customer_id, activations_in_use
    from licenses
    where product_id = ${productId}
    order by id`;
}

test("an app starts a trial of 14 days with its first start, once per machine", async () => {
  const { product, plan } = await makeTrialProduct({ expiryBasis: "first_activation" });
  const started = await start(product.code, "MACHINE-1", { machine_name: "Desk", app_version: "1.0.0" });
  assert.equal(started.status, 201, JSON.stringify(started.body));
  const { license_key, valid_until, activation } = started.body;
  assert.deepEqual([valid_until, activation.license_key, activation.machine_name, activation.is_active], [
    dayIn(13),
    license_key,
    "Desk",
    true,
  ]);
  const verified = await server.post("/api/license/verify", { license_key, hardware_hash: "MACHINE-1" });
  assert.deepEqual([verified.body.valid, verified.body.license.valid_until], [true, dayIn(13)]);

  const again = await start(product.code, "MACHINE-1");
  assert.deepEqual([again.status, again.body.license_key, again.body.valid_until], [
    200,
    license_key,
    dayIn(13),
  ]);
  const spelled = await start(product.code, "machine-1");
  assert.equal(
    spelled.body.error.code,
    "ACTIVATION_LIMIT_REACHED",
    "another spelling starts no second trial",
  );
  assert.notEqual((await start(product.code, "MACHINE-2")).body.license_key, license_key);

  const [first, second] = await licensesOf(product.id);
  assert.equal(first.customerId, second.customerId, "one customer for all trials of the product");
  const { body: customer } = await server.get(`/api/admin/customers/${first.customerId}`, headers);
  assert.deepEqual([customer.name, customer.email], [`Trials of ${product.name}`, null]);
  const { rows } = await listEvents(ctx, { licenseId: first.id, type: "license.trial_started" });
  assert.deepEqual(rows.map(({ after }) => after), [{ hardwareId: "MACHINE-1" }]);

  await updateLicense(ctx, {
    id: first.id,
    changes: { validFrom: "2020-01-01", validUntil: "2020-01-14" },
  });
  assert.deepEqual(refusalOf(await start(product.code, "MACHINE-1")), usedBy("machine"));
  const paid = await makeTrialProduct();
  assert.equal((await start(paid.product.code, "MACHINE-1")).status, 201, "another product");
  assert.equal((await licensesOf(product.id)).length, 2);
  assert.equal(plan.trialPer, "machine");
});

test("200 calls at once of one machine on two servers start one trial", async () => {
  const { product } = await makeTrialProduct();
  const replies = await times(
    200,
    (n) => start(product.code, "RACING-1", {}, n % 2 ? server : other),
  );
  assert.equal(replies.filter(({ status }) => status === 201).length, 1);
  assert.equal(replies.filter(({ status }) => status === 200).length, 199);
  assert.equal(new Set(replies.map(({ body }) => body.license_key)).size, 1);
  const licenses = await licensesOf(product.id);
  assert.deepEqual(licenses.map(({ activationsInUse }) => activationsInUse), [1]);
});

test("100 machines at once get a trial each, and all of them one customer", async () => {
  const { product } = await makeTrialProduct();
  const replies = await times(100, (n) => start(product.code, `FLEET-${n}`, {}, n % 2 ? server : other));
  assert.ok(replies.every(({ status }) => status === 201));
  const licenses = await licensesOf(product.id);
  assert.equal(licenses.length, 100);
  assert.equal(new Set(licenses.map(({ customerId }) => customerId)).size, 1);
});

test("a license that became more than a trial, or someone's, is not handed out", async () => {
  const { product } = await makeTrialProduct();
  const expected = usedBy("machine");
  const startedOn = async (hardware: string) => {
    await start(product.code, hardware);
    return (await licensesOf(product.id)).at(-1)!.id;
  };
  await deleteLicense(ctx, await startedOn("DELETED"));
  assert.deepEqual(refusalOf(await start(product.code, "DELETED")), expected);
  await updateLicense(ctx, {
    id: await startedOn("SOLD"),
    changes: { type: "perpetual", trialPer: "none", validUntil: null },
  });
  assert.deepEqual(refusalOf(await start(product.code, "SOLD")), expected);
  const { id: customerId } = await createCustomer(ctx, { name: "Ada" });
  await updateLicense(ctx, { id: await startedOn("GIVEN"), changes: { customerId } });
  assert.deepEqual(refusalOf(await start(product.code, "GIVEN")), expected);
  await setLicensesEnabled(ctx, { ids: [await startedOn("DISABLED")], enabled: false });
  assert.equal((await start(product.code, "DISABLED")).body.error.code, "LICENSE_INACTIVE");
});

test("what no trial can start from is refused with what to do, and uses none", async () => {
  const { product, plan } = await makeTrialProduct();
  const placeholder = await start(product.code, "To be filled by O.E.M.");
  assert.deepEqual(refusalOf(placeholder), [
    400,
    "INVALID_REQUEST",
    { field: "hardware_hash", reason: "placeholder" },
  ]);
  assert.equal((await start("no-such-product", "M")).status, 404);
  assert.equal(
    (await server.post("/api/license/trial", { hardware_hash: "M" })).body.error.details.field,
    "product",
  );

  const second = await makeTrialPlan(product.id);
  const known = [plan.code, second.code].sort();
  for (const more of [{}, { plan: "no-such-plan" }]) {
    const refused = await start(product.code, "M", more);
    assert.deepEqual(refusalOf(refused), [
      400,
      "INVALID_REQUEST",
      { field: "plan", reason: "one_of", known },
    ]);
    assert.ok(refused.body.error.message.includes(known.join(", ")));
  }
  const none = await makeTrialProduct({ trialPer: "user" });
  const refused = await start(none.product.code, "M");
  assert.deepEqual(refusalOf(refused), [
    400,
    "INVALID_REQUEST",
    { field: "plan", reason: "no_machine_trial" },
  ]);
  assert.equal((await start(product.code, "M", { plan: second.code })).status, 201);
});

test("the product is the one that the API key is for, and no other", async () => {
  const { product } = await makeTrialProduct();
  const foreign = await makeTrialProduct();
  const { key } = await createApiKey(ctx, { name: "App", productId: product.id });
  const own = { "x-api-key": key };
  assert.equal((await server.post("/api/license/trial", { hardware_hash: "KEYED" }, own)).status, 201);
  assert.equal((await licensesOf(product.id)).length, 1);
  const body = { hardware_hash: "KEYED", product: foreign.product.code };
  assert.equal((await server.post("/api/license/trial", body, own)).status, 404);
  const anonymous = await server.post("/api/license/trial", body, { "x-api-key": null });
  assert.equal(anonymous.status, 401);
});

test("a trial that cannot be activated uses nothing", async () => {
  const { product, plan } = await makeTrialProduct({ maxActivations: 0 });
  assert.equal((await start(product.code, "FULL")).body.error.code, "ACTIVATION_LIMIT_REACHED");
  assert.equal((await licensesOf(product.id)).length, 0);
  await server.db`update plans set max_activations = 1 where id = ${plan.id}`;
  assert.equal((await start(product.code, "FULL")).status, 201);
});

test("administrators issue a customer one trial of the product, also at once", async () => {
  const { product, plan } = await makeTrialProduct({ trialPer: "customer" });
  const issue = (customerId: number, more: object = {}, through = server) =>
    through.post("/api/admin/licenses", {
      customer_id: customerId,
      product_id: product.id,
      plan_id: plan.id,
      ...more,
    }, headers);
  const { id } = await createCustomer(ctx, { name: "Ada" });
  const replies = await times(20, (n) => issue(id, {}, n % 2 ? server : other));
  assert.equal(replies.filter(({ status }) => status === 201).length, 1);
  const refused = replies.find(({ status }) => status !== 201)!;
  assert.deepEqual(refusalOf(refused), usedBy("customer"));
  assert.match(refused.body.error.message, /This customer had a trial/);
  await deleteLicense(ctx, (await licensesOf(product.id))[0].id);
  assert.equal((await issue(id)).status, 409, "deleted, and used all the same");
  assert.equal((await issue(id, { trial_per: "none" })).status, 201, "an administrator may decide otherwise");

  const { id: merged } = await createCustomer(ctx, { name: "Bo" });
  const { id: into } = await createCustomer(ctx, { name: "Cy" });
  assert.equal((await issue(merged)).status, 201);
  await mergeCustomers(ctx, { id: merged, intoId: into });
  for (const customer of [merged, into]) assert.equal((await issue(customer)).status, 409);
  await mergeCustomers(ctx, { id: into, intoId: id });
  assert.equal((await issue(id)).status, 409);

  const input = { customerId: id, productId: product.id, planId: plan.id };
  await assert.rejects(requestLicenses(ctx, { ...input, count: 2 }), {
    code: "INVALID_REQUEST",
    facts: { field: "count", reason: "contradicts", other: "trialPer" },
  });
  await requestLicenses(ctx, { ...input, count: 1 });
  const { job } = (await claimJob(ctx))!;
  await assert.rejects(issueMany(ctx, job, () => new Date()), { code: "TRIAL_ALREADY_USED" });
});

test("a user gets one trial of the product, by issuing or assigning it", async () => {
  const { product, plan } = await makeTrialProduct({ trialPer: "user" });
  const user = await makeUser(ctx);
  const issue = async () =>
    (await makeLicense(ctx, {
      productId: product.id,
      planId: plan.id,
      maxActivations: undefined,
      maxUsers: undefined,
    })).id;
  const assign = (id: number, userId: number | null) =>
    server.post(`/api/admin/licenses/${id}/assign`, { user_id: userId }, headers);
  const licenses = await times(10, issue);
  const replies = await times(10, (n) => assign(licenses[n], user.id));
  assert.equal(replies.filter(({ status }) => status === 200).length, 1);
  assert.deepEqual(refusalOf(replies.find(({ status }) => status !== 200)!), usedBy("user"));
  const own = licenses[replies.findIndex(({ status }) => status === 200)];
  assert.equal((await assign(own, null)).status, 200);
  assert.equal((await assign(own, user.id)).status, 200, "the same one again");
});

test("a machine's trial may be issued by an administrator, for a machine that is not known", async () => {
  const { product, plan } = await makeTrialProduct();
  const { id: customerId } = await createCustomer(ctx, { name: "Ada" });
  for (let n = 0; n < 2; n++) {
    await makeLicense(ctx, { customerId, productId: product.id, planId: plan.id });
  }
  assert.equal((await licensesOf(product.id)).length, 2);
});

test("the trial of a first sign-in uses the machine's trial of the product as well", async () => {
  const { product, plans } = await makeCatalogue(ctx);
  await server.db`update plans set trial_per = 'machine' where id = ${plans.trial.id}`;
  const [first, second] = [await makeUser(ctx), await makeUser(ctx)];
  assert.equal((await login(server, first.email, "SHARED-1")).body.entitlement_token.plan, "trial");
  assert.deepEqual(refusalOf(await start(product.code, "SHARED-1")), usedBy("machine"));
  assert.equal((await start(product.code, "SHARED-2")).status, 201);
  const answer = await login(server, second.email, "SHARED-2");
  assert.deepEqual([answer.status, answer.body.entitlement_token], [200, null]);
  assert.equal((await login(server, second.email, "SHARED-3")).body.entitlement_token.plan, "trial");
});
