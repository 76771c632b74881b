// Licenses, their devices and customers are exported, imported into an empty installation, and are the same there.
import assert from "node:assert/strict";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { listDevices } from "../../server/domain/devices/list.ts";
import type { Context } from "../../server/domain/context.ts";
import { listCustomers } from "../../server/domain/customers/list.ts";
import { issueLicense } from "../../server/domain/licenses/issue.ts";
import { listLicenses } from "../../server/domain/licenses/list.ts";
import { disableLicenses } from "../../server/domain/licenses/scheduled_changes.ts";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { termNames } from "../../server/domain/policy/inputs.ts";
import { createProduct } from "../../server/domain/products/products.ts";
import { importerOf } from "../support/import_tables.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const [from, to] = [await startTestServer(), await startTestServer()];

/** The catalogue is created by hand in both: a product, and a plan whose terms the licenses override. */
async function makeCatalogue(ctx: Context) {
  const product = await createProduct(ctx, { code: "stitch", name: "Stitch" });
  const plan = await createPlan(ctx, {
    productId: product.id,
    code: "classic",
    name: "Classic",
    licenseType: "subscription",
    duration: "P1Y",
    maxActivations: 3,
    maxUsers: 2,
    graceDays: 14,
    entitlements: { export: true },
    features: [],
  });
  return { productId: product.id, planId: plan.id };
}

/** What an installation has, without its ids and times of its own. */
async function contentOf(server: TestServer) {
  const ctx = await server.ctx();
  const { rows: licenses } = await listLicenses(ctx, { limit: 200 });
  const { rows: devices } = await listDevices(ctx, { limit: 200 });
  const { rows: customers } = await listCustomers(ctx, { limit: 200 });
  const byText = (a: unknown[], b: unknown[]) => String(a[0]).localeCompare(String(b[0]));
  return {
    licenses: licenses.map((license) => [
      license.key,
      license.customerName,
      license.customerEmail,
      license.productCode,
      license.planCode,
      license.type,
      license.isActive,
      license.disabledReason,
      license.validFrom,
      license.validUntil,
      license.updatesUntil,
      license.startsWith,
      license.activationsInUse,
      license.notes,
      license.tags,
      license.metadata,
      ...termNames.map((name) => license[name]),
    ]).sort(byText),
    devices: devices.map((device) => [
      `${device.licenseKey} ${device.hardwareId}`,
      device.machineName,
      device.appVersion,
      device.isActive,
      device.activatedAt.toISOString(),
      device.lastHeartbeat.toISOString(),
    ]).sort(byText),
    customers: customers.map(({ name, email, notes, tags, metadata }) => [name, email, notes, tags, metadata])
      .sort(byText),
  };
}

for (const format of ["csv", "xlsx"] as const) {
  test(`an export as ${format} is the same in an empty installation`, async () => {
    if (format === "csv") await fill();
    else await empty();
    const expected = await contentOf(from);
    assert.equal(expected.licenses.length, 5);
    for (const what of ["customers", "licenses", "devices"] as const) {
      const table = await (await importerOf(from, what)).exported(format);
      const body = await (await importerOf(to, what)).imported(table);
      assert.deepEqual([body.failed, body.errors], [0, []], what);
    }
    assert.deepEqual(await contentOf(to), expected);
  });
}

async function fill() {
  await makeCatalogue(await to.ctx());
  const ctx = await from.ctx();
  const catalogue = await makeCatalogue(ctx);
  const { id: customerId } = await createCustomer(ctx, {
    name: "=Lumen & Sons",
    email: "it@lumen.example",
    metadata: { crm_id: { value: "0123", public: false }, tier: { value: 2, public: true } },
  });
  const { id: nameless } = await createCustomer(ctx, { name: "Without address", email: null });
  const of = { ...catalogue, customerId };
  const plain = await issueLicense(ctx, of);
  await issueLicense(ctx, {
    ...of,
    customerId: nameless,
    key: "abc-Def base64+/=",
    type: "perpetual",
    validUntil: null,
    updatesUntil: null,
    duration: null,
    machineOverage: null,
    maxNewMachines: 7,
    machineLease: "PT12H",
    seatQueue: true,
    versions: ">=2.0.0 <3.0.0",
    afterExpiry: "entitled_versions",
    graceDays: 0,
    updates: "P1Y",
    entitlements: { seats: 5, edition: "-pro", export: true },
    meters: { exports: { limit: 1000, period: "month", overage: null } },
    metadata: { region: { value: "EU", public: true }, "long.key-1": { value: true, public: false } },
    notes: '=Two\nlines, "quoted"',
    tags: ["vip", "moved"],
  });
  await issueLicense(ctx, { ...of, key: "WAITING-00001", expiryBasis: "first_activation" });
  await issueLicense(ctx, { ...of, key: "ENDED-0000001", validFrom: "2024-01-31", validUntil: "2025-01-30" });
  const disabled = await issueLicense(ctx, { ...of, key: "DISABLED-00001" });
  for (const name of ["PC1", "-PC2"]) {
    const body = {
      license_key: plain.key,
      hardware_hash: `fp-${name}-7a`,
      machine_name: name,
      app_version: "1.2.0",
    };
    assert.equal((await from.post("/api/license/activate", body)).status, 201);
  }
  await from.post("/api/license/deactivate", { license_key: plain.key, hardware_hash: "fp-PC1-7a" });
  await disableLicenses(ctx, { licenseIds: [disabled.id], reason: "Not paid" });
}

/** Removes what the first import brought. */
async function empty() {
  await to.db`truncate activations, licenses, customers cascade`;
}
