// Architecture rule 7: a change and its event are one transaction. When the event cannot be recorded, nothing changes.
import assert from "node:assert/strict";
import { createUser } from "../../server/domain/accounts/users.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { deactivateMachine } from "../../server/domain/activations/deactivate.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { type Context, inTransaction } from "../../server/domain/context.ts";
import { createCustomer, deleteCustomer, updateCustomer } from "../../server/domain/customers/customers.ts";
import { createLead } from "../../server/domain/leads/leads.ts";
import { assignLicense } from "../../server/domain/licenses/assign.ts";
import { extendLicenses } from "../../server/domain/licenses/extend.ts";
import { issueLicense } from "../../server/domain/licenses/issue.ts";
import { deleteLicense, setLicensesEnabled, updateLicense } from "../../server/domain/licenses/manage.ts";
import { transferLicenses } from "../../server/domain/licenses/transfer.ts";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { createProduct, updateProduct } from "../../server/domain/products/products.ts";
import { allocateResources } from "../../server/domain/resources/allocate.ts";
import { createResource } from "../../server/domain/resources/resources.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import { createSigningKey, rotateSigningKey } from "../../server/domain/signing/rotate.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { makeLicense, makeRelease } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const ctx = await system.ctx();

const license = await makeLicense(ctx, { validUntil: "2099-12-31" });
const used = { licenseKey: license.key, hardwareId: "used", machineName: null, appVersion: null };
await activateLicense(ctx, used);
const customer = await createCustomer(ctx, { name: "Without licenses" });
const user = await createUser(ctx, { email: "user@example.com", name: "User" });
const resource = await createResource(ctx, { type: "server", identifier: "SRV-1" });
const { productId, customerId } = license;

/** Every kind of change, applied to existing rows. */
const changes: Record<string, (ctx: Context) => Promise<unknown>> = {
  "creating a customer": (ctx) => createCustomer(ctx, { name: "New" }),
  "editing a customer": (ctx) => updateCustomer(ctx, { id: customer.id, changes: { name: "Renamed" } }),
  "deleting a customer": (ctx) => deleteCustomer(ctx, customer.id),
  "creating a product": (ctx) => createProduct(ctx, { code: "new", name: "New" }),
  "editing a product": (ctx) => updateProduct(ctx, { id: productId, changes: { name: "Renamed" } }),
  "creating a plan": (ctx) =>
    createPlan(ctx, {
      productId,
      code: "plan",
      name: "Plan",
      licenseType: "perpetual",
      duration: null,
      maxActivations: 1,
      maxUsers: 1,
      features: [],
    }),
  "publishing a release": (ctx) => makeRelease(ctx, productId, "9.0.0"),
  "issuing a license": (ctx) => issueLicense(ctx, { productId, customerId }),
  "editing a license": (ctx) => updateLicense(ctx, { id: license.id, changes: { maxUsers: 99 } }),
  "disabling a license": (ctx) => setLicensesEnabled(ctx, { ids: [license.id], enabled: false }),
  "extending a license": (ctx) => extendLicenses(ctx, { licenseIds: [license.id], by: "P1M" }),
  "transferring a license": (ctx) =>
    transferLicenses(ctx, { licenseIds: [license.id], customerId: customer.id }),
  "assigning a license": (ctx) => assignLicense(ctx, { id: license.id, userId: user.id }),
  "deleting a license": (ctx) => deleteLicense(ctx, license.id),
  "activating a license": (ctx) => activateLicense(ctx, { ...used, hardwareId: "new" }),
  "deactivating a machine": (ctx) => deactivateMachine(ctx, used),
  "starting a seat": (ctx) => startSeat(ctx, used),
  "creating a resource": (ctx) => createResource(ctx, { type: "server", identifier: "SRV-2" }),
  "allocating a resource": (ctx) =>
    allocateResources(ctx, { licenseId: license.id, resourceIds: [resource.id] }),
  "creating a lead": (ctx) => createLead(ctx, { name: "University of Ashford", type: "university" }),
  "creating a user": (ctx) => createUser(ctx, { email: "new@example.com", name: "New" }),
  "creating an administrator": (ctx) =>
    createAdministrator(ctx, {
      email: "new@example.com",
      name: "New",
      role: "viewer",
      password: "correct horse battery",
    }),
  "creating an API key": (ctx) => createApiKey(ctx, { name: "New", productId: null }),
  "creating a webhook": (ctx) =>
    createWebhook(
      ctx,
      { url: "https://example.com/hook", description: "", eventTypes: ["*"], headers: {} },
      [],
    ),
  "changing a setting": (ctx) => changeSetting(ctx, "keepStatisticsFor", 60),
  "rotating the signing key": (ctx) => rotateSigningKey(ctx),
  "creating a signing key": (ctx) => createSigningKey(ctx, { productId: license.productId }),
};

const tables = (await db<{ name: string }[]>`
  select relname as name
  from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
  order by relname`).map(({ name }) => name);

/** A digest of every row of every table. */
async function digest(): Promise<Record<string, string | null>> {
  const digests: Record<string, string | null> = {};
  for (const table of tables) {
    const [row] = await db<{ digest: string | null }[]>`
      select md5(string_agg(t::text, '|' order by t::text)) as digest
      from ${db(table)} t`;
    digests[table] = row.digest;
  }
  return digests;
}

test("when events cannot be recorded, nothing changes", async () => {
  await db.unsafe(`
    create function refuse_events() returns trigger language plpgsql as $$
    begin
      raise exception 'no event can be recorded';
    end $$;
    create trigger refuse_events before insert on events for each row execute function refuse_events();`);
  for (const [name, change] of Object.entries(changes)) {
    const before = await digest();
    await assert.rejects(change(ctx), /no event can be recorded/, name);
    assert.deepEqual(await digest(), before, name);
  }
  await db`drop trigger refuse_events on events`;
});

test("when events can be recorded, each of these changes records one", async () => {
  for (const [name, change] of Object.entries(changes)) {
    // The last change would have no effect after the others.
    if (name === "deleting a license") continue;
    const [{ count: before }] = await db<{ count: number }[]>`select count(*) as count from events`;
    await db.begin(async (tx) => {
      await change({ ...ctx, db: tx });
      const [{ count: after }] = await tx<{ count: number }[]>`select count(*) as count from events`;
      assert.ok(after > before, name);
      throw new Error("undo");
    }).catch((error) => {
      if (error.message !== "undo") throw error;
    });
  }
});

test("of two transactions that wait for each other one runs again until both succeed", async () => {
  const rows = [customer.id, customerId];
  let waiting = 2;
  let bothHaveOne = () => {};
  const met = new Promise<void>((resolve) => bothHaveOne = resolve);
  let runs = 0;
  const lock = (tx: Context["db"], id: number) =>
    tx`
      update customers
      set updated_at = now()
      where id = ${id}`;
  await Promise.all([rows, rows.toReversed()].map(([first, second]) =>
    inTransaction(ctx, async ({ db }) => {
      runs++;
      await lock(db, first);
      if (--waiting === 0) bothHaveOne();
      await met;
      await lock(db, second);
    })
  ));
  // Once more when the one that was undone took its row again before the other one had it.
  assert.ok(runs > 2, `${runs} runs`);
});

test("the database connections close", () => db.end());
