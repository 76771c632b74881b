// Import of licenses from tables: keys are kept, customers found or created, own terms beside the plan's, errors by line.
import assert from "node:assert/strict";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { listCustomers } from "../../server/domain/customers/list.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { cancelJob, getJob } from "../../server/domain/jobs/job.ts";
import { getLicenseById, listLicenses } from "../../server/domain/licenses/list.ts";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { createProduct } from "../../server/domain/products/products.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { errorsOf, importerOf } from "../support/import_tables.ts";
import { realTime } from "../support/real_time.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { headers, send, imported } = await importerOf(server, "licenses");

const product = await createProduct(ctx, { code: "stitch", name: "Stitch" });
const plan = await createPlan(ctx, {
  productId: product.id,
  code: "classic",
  name: "Classic",
  licenseType: "subscription",
  duration: "P1Y",
  maxActivations: 2,
  maxUsers: 1,
  graceDays: 14,
  features: [],
  entitlements: { export: true },
});

async function license(q: string) {
  const { rows } = await listLicenses(ctx, { q });
  assert.equal(rows.length, 1, q);
  return await getLicenseById(ctx, rows[0].id);
}

test("licenses keep their keys, own terms and days; the plan's terms apply where a cell is empty", async () => {
  const table = [
    "Key,Customer,Email,Product code,Plan code,Type,Valid from,Valid until,max_activations,grace_days,machine_overage," +
    "seat_queue,meters,entitlement.seats,entitlement.beta,entitlement.export,metadata.crm_id,public_metadata.Region," +
    "Disabled,Disabled reason,Notes,Tags",
    "LUMEN-2024-AAAA-0001,Lumen & Sons,it@lumen.example,stitch,classic,perpetual,2024-03-01,never,3,7,unlimited,yes," +
    '"{""exports"": {""limit"": 1000, ""period"": ""month""}}",5,yes,no,4711,EU,yes,Not paid,Moved,"VIP, key account"',
    "0fa4b2-c81d33 5e6f70,,it@lumen.example,Stitch,Classic,,1.3.2025,28.02.2031 23:00,,,,,,,,,,,no,,,",
    ",,it@lumen.example,stitch,classic,,,,,,,,,,,,,,,,,",
  ].join("\n");
  const dry = await imported(table, "dry_run=1&create_customers=1");
  assert.deepEqual(errorsOf(dry), []);
  assert.deepEqual([dry.imported, dry.failed, dry.new_customers], [3, 0, 1]);
  assert.equal((await listLicenses(ctx, {})).rows.length, 0, "a dry run saves nothing");
  assert.equal((await listCustomers(ctx, {})).rows.length, 0);
  assert.deepEqual(dry.columns.map(({ column }: { column: string }) => column).slice(13, 19), [
    "entitlement.seats",
    "entitlement.beta",
    "entitlement.export",
    "metadata.crm_id",
    "public_metadata.Region",
    "Disabled",
  ]);

  const body = await imported(table, "create_customers=1");
  assert.deepEqual([body.imported, body.failed, body.new_customers], [3, 0, 1]);
  const first = await license("LUMEN-2024-AAAA-0001");
  assert.deepEqual(
    {
      type: first.type,
      validFrom: first.validFrom,
      validUntil: first.validUntil,
      maxActivations: first.maxActivations,
      maxUsers: first.maxUsers,
      graceDays: first.graceDays,
      machineOverage: first.machineOverage,
      seatQueue: first.seatQueue,
      meters: first.meters,
      entitlements: first.entitlements,
      metadata: first.metadata,
      isActive: first.isActive,
      disabledReason: first.disabledReason,
      notes: first.notes,
      tags: first.tags,
      customer: first.customerEmail,
      plan: first.planId,
    },
    {
      type: "perpetual",
      validFrom: "2024-03-01",
      validUntil: null,
      maxActivations: 3,
      maxUsers: 1,
      graceDays: 7,
      machineOverage: null,
      seatQueue: true,
      meters: { exports: { limit: 1000, period: "month", overage: 0 } },
      entitlements: { seats: 5, beta: true },
      metadata: { crm_id: { value: 4711, public: false }, Region: { value: "EU", public: true } },
      isActive: false,
      disabledReason: "Not paid",
      notes: "Moved",
      tags: ["vip", "key-account"],
      customer: "it@lumen.example",
      plan: plan.id,
    },
  );
  const second = await license("0FA4B2-C81D335E6F70");
  assert.deepEqual(
    [second.key, second.validFrom, second.validUntil, second.maxActivations, second.graceDays],
    ["0fa4b2-c81d33 5e6f70", "2025-03-01", "2031-02-28", 2, 14],
  );
  const { rows } = await listLicenses(ctx, { customerId: first.customerId });
  assert.equal(rows.length, 3, "one customer has all of them");
  const generated = rows.find(({ id }) => id !== first.id && id !== second.id)!;
  assert.match(generated.key, /^[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}$/);
  assert.ok(generated.validUntil, "the plan's duration counts from today");
  const { rows: events } = await listEvents(ctx, { type: "license.created", limit: 10 });
  assert.deepEqual(events.map(({ after }) => after!.origin), ["imported", "imported", "imported"]);
  const answer = await server.post("/api/license/verify", {
    license_key: generated.key,
    hardware_hash: "x1",
  });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
});

test("an import that is repeated changes nothing: existing keys are errors, or skipped", async () => {
  const table =
    "Key,Email,Product\nAGAIN-000001,again@x.example,stitch\nAGAIN-000002,again@x.example,stitch\n";
  assert.equal((await imported(table, "create_customers=1")).imported, 2);
  const { id } = await license("AGAIN-000001");
  const again = await imported(table, "create_customers=1");
  assert.deepEqual([again.imported, again.failed, again.new_customers], [0, 2, 0]);
  assert.equal(errorsOf(again)[0], `2 : is an existing license, number ${id}`);
  const skipped = await imported(
    table.replace("AGAIN-000001", "again-000001"),
    "duplicates=skip",
  );
  assert.deepEqual([skipped.imported, skipped.failed, skipped.skipped], [0, 0, 2]);
  assert.deepEqual(skipped.duplicates.rows[0], {
    line: 2,
    name: "again-000001",
    of_line: null,
    of_license_id: id,
  });
  const { status, body } = await send(table, "duplicates=update");
  assert.equal(status, 400);
  assert.match(body.error.message, /refuse or skip|refuse.*skip/);
});

test("each row that is wrong is reported with its line and column; the others are saved", async () => {
  await createCustomer(ctx, { name: "Known", email: "known@x.example" });
  const row = (cells: string) => `${cells}\n`;
  const table =
    "Key,Email,Product code,Plan code,Valid from,Valid until,max_activations,grace_days,after_expiry," +
    "entitlements,machine_lease,User,Metadata,Disabled reason\n" +
    row("GOOD-000001,known@x.example,stitch,classic,,,,,,,,,,") +
    row("good 000001,known@x.example,stitch,,,,,,,,,,,") +
    row("GOOD-000001,known@x.example,stitch,,,,,,,,,,,") +
    row("abc,known@x.example,stitch,,,,,,,,,,,") +
    row("WRONG-00001,new@x.example,stitch,,,,,,,,,,,") +
    row("WRONG-00002,known@x.example,none-such,,,,,,,,,,,") +
    row("WRONG-00003,known@x.example,stitch,none-such,,,,,,,,,,") +
    row("WRONG-00004,known@x.example,stitch,,2026-02-30,,,,,,,,,") +
    row("WRONG-00005,known@x.example,stitch,,2026-03-01,2026-02-01,,,,,,,,") +
    row("WRONG-00006,known@x.example,stitch,,03/04/2026,,,,,,,,,") +
    row("WRONG-00007,known@x.example,stitch,,,,many,,,,,,,") +
    row("WRONG-00008,known@x.example,stitch,,,,-1,,,,,,,") +
    row("WRONG-00009,known@x.example,stitch,,,,,7,allow,,,,,") +
    row("WRONG-00010,known@x.example,stitch,,,,,,later,,,,,") +
    row('WRONG-00011,known@x.example,stitch,,,,,,,"{""Export"": true}",,,,') +
    row("WRONG-00012,known@x.example,stitch,,,,,,,,two weeks,,,") +
    row("WRONG-00013,known@x.example,stitch,,,,,,,,,who@x.example,,") +
    row('WRONG-00014,known@x.example,stitch,,,,,,,,,,"[1]",') +
    row("WRONG-00015,known@x.example,stitch,,,,,,,,,,,Because") +
    row("WRONG-00016,,stitch,,,,,,,,,,,") +
    row("WRONG-00017,nonsense,stitch,,,,,,,,,,,");
  const body = await imported(table);
  assert.equal(body.imported, 2);
  assert.deepEqual(errorsOf(body).toSorted((a, b) => parseInt(a) - parseInt(b)), [
    "4 Key: is the key of row 2 too",
    "5 Key: must have 6 to 255 characters",
    "6 Email: is no existing customer's. Import customers first, or let it create them",
    "7 Product code: is the code of no product",
    "8 Plan code: is the code of no plan of Stitch",
    "9 Valid from: must be a day such as 2026-03-31 or 31.3.2026",
    "10 Valid until: is before the first day",
    "11 Valid from: must be a day such as 2026-03-31 or 31.3.2026",
    "12 max_activations: must be a whole number",
    "13 max_activations: must be at least 0",
    "14 grace_days: contradicts after_expiry",
    "15 after_expiry: must be one of refuse, entitled_versions, allow",
    "16 entitlements: Export must be lower case letters, digits, - and _",
    "17 machine_lease: must be a duration of days, hours or minutes such as P30D, PT12H or PT90M",
    "18 User: is the address of no user",
    '19 Metadata: must be a JSON object such as {"export": true}',
    "20 Disabled reason: goes with a disabled license only",
    "21 Customer: is required, or an address in Email",
    "22 Email: is not an email address",
  ]);
  const download = await fetch(`${server.url}/api/admin/licenses/import/invalid-rows`, {
    method: "POST",
    headers: { ...headers, "content-type": "text/csv" },
    body: table,
  });
  assert.match(await download.text(), /WRONG-00007.*max_activations must be a whole number/);
});

test("headings of other license servers are known, and a column that is required is named", async () => {
  await imported(
    "key,expiry,maxMachines,suspended,policy,product,user.email,ownerEmail\n" +
      "KEYGEN-00001,2030-01-02T22:59:59.000Z,7,true,classic,stitch,,buyer@x.example\n",
    "create_customers=1",
  );
  const found = await license("KEYGEN-00001");
  assert.deepEqual(
    [found.validUntil, found.maxActivations, found.isActive, found.customerName],
    ["2030-01-02", 7, false, "buyer@x.example"],
  );
  const { status, body } = await send("Key,Email\nNO-PRODUCT-1,a@x.example\n");
  assert.equal(status, 400);
  assert.match(body.error.message, /^The table needs a column "Product code"\. Known columns: Key/);
});

test("two imports of one table at once save it once", async () => {
  const table = "Key,Email,Product\nONCE-000001,once@x.example,stitch\nONCE-000002,once@x.example,stitch\n";
  const results = await Promise.all([
    imported(table, "create_customers=1"),
    imported(table, "create_customers=1"),
  ]);
  assert.deepEqual(results.map((body) => body.imported).sort(), [0, 2]);
  assert.equal((await listCustomers(ctx, { q: "once@x.example" })).rows.length, 1);
});

test("a large table is imported by a job, and a cancelled one saves nothing", async () => {
  const table = (of: string) =>
    "Key,Email,Product,Notes\n" +
    Array.from({ length: 4000 }, (_, at) =>
      `${of}-${10000 + at},${of}${at % 50}@x.example,stitch,${"x".repeat(260)}\n`)
      .join("");
  const cancelled = await send(table("cancelled"), "create_customers=1");
  assert.equal(cancelled.status, 202);
  await cancelJob(ctx, cancelled.body.job_id);
  const { body: { job_id: id } } = await send(table("large"), "create_customers=1");
  await runRequestedJobs(ctx, realTime);
  const { state, result } = await getJob(ctx, id);
  assert.deepEqual([state, (result as { imported: number }).imported], ["done", 4000]);
  assert.equal((result as { newCustomers: number }).newCustomers, 50);
  assert.equal((await listLicenses(ctx, { q: "cancelled-10001" })).rows.length, 0);
  await license("large-13999");
});

test("a viewer imports nothing", async () => {
  const { token } = await makeAdministrator(server, "viewer");
  const reply = await fetch(`${server.url}/api/admin/licenses/import`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "text/csv" },
    body: "Key,Email,Product\nVIEWER-00001,a@x.example,stitch\n",
  });
  assert.equal(reply.status, 403);
  await reply.body?.cancel();
});
