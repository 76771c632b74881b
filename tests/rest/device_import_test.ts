// Import of devices from tables: each on its license, within the limits that hold for activations.
import assert from "node:assert/strict";
import { connect } from "../../db/connect.ts";
import { timeLimits } from "../../db/time_limits.ts";
import { listDevices } from "../../server/domain/devices/list.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { getJob } from "../../server/domain/jobs/job.ts";
import { getLicenseById, listLicenses } from "../../server/domain/licenses/list.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { errorsOf, importerOf } from "../support/import_tables.ts";
import { realTime } from "../support/real_time.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { headers, imported, send } = await importerOf(server, "devices");
const product = await makeProduct(ctx);

async function license(q: string) {
  const { rows } = await listLicenses(ctx, { q });
  assert.equal(rows.length, 1, q);
  return await getLicenseById(ctx, rows[0].id);
}

const devicesOf = async (q: string) => (await listDevices(ctx, { licenseId: (await license(q)).id })).rows;

test("devices are registered on their licenses up to the limit, with their times", async () => {
  await makeLicense(ctx, { key: "DEVICES-0001", productId: product.id, maxActivations: 2 });
  await makeLicense(ctx, { key: "DEVICES-0002", productId: product.id, maxActivations: 1 });
  const table = [
    "License,Fingerprint,Device,Version,Active,Activated,Last seen",
    "devices-0001,9f86d081884c7d65,LUMEN-PC1,1.2.0,,2024-03-01 09:12,2026-01-15T17:40:00+01:00",
    "DEVICES-0001,60303ae22b998861,=cmd,,yes,,",
    "DEVICES-0001,aaaa3ae22b998862,GONE,,no,1.3.2024,",
    "DEVICES-0001,bbbb3ae22b998863,THIRD,,yes,,",
    "DEVICES-0001,9f86d081884c7d65,TWICE,,yes,,",
    "DEVICES-0002,To Be Filled By O.E.M.,X,,,,",
    "DEVICES-0002,none,X,,,,",
    "DEVICES-0002,cccc3ae22b998864,X,,,2999-01-01,",
    "DEVICES-0002,dddd3ae22b998865,X,,maybe,,",
    "UNKNOWN-0001,dddd3ae22b998866,X,,,,",
    "DEVICES-0002,eeee3ae22b998867,X,,,,",
  ].join("\n");
  const expected = [
    "5 License: has all 2 activations in use. Raise its activation limit, or leave devices out",
    "6 Fingerprint: is that of row 2 too, on the same license",
    "7 Fingerprint: is a placeholder that many devices share",
    "8 Fingerprint: is a placeholder that many devices share",
    "9 Activated: is in the future",
    "10 Active: must be yes or no",
    "11 License: is the key of no license",
  ];
  const sorted = (body: Parameters<typeof errorsOf>[0]) =>
    errorsOf(body).toSorted((a, b) => parseInt(a) - parseInt(b));
  const dry = await imported(table, "dry_run=1");
  assert.deepEqual(sorted(dry), expected);
  assert.equal(dry.imported, 4);
  const body = await imported(table);
  assert.deepEqual(sorted(body), expected);
  const devices = (await devicesOf("DEVICES-0001")).toSorted((a, b) => a.id - b.id);
  assert.deepEqual(
    devices.map(({ machineName, isActive, appVersion }) => [machineName, isActive, appVersion]),
    [["LUMEN-PC1", true, "1.2.0"], ["=cmd", true, null], ["GONE", false, null]],
  );
  assert.equal(devices[0].activatedAt.toISOString(), "2024-03-01T09:12:00.000Z");
  assert.equal(devices[0].lastHeartbeat.toISOString(), "2026-01-15T16:40:00.000Z");
  assert.equal((await license("DEVICES-0001")).activationsInUse, 2);
  const again = await imported(table, "duplicates=skip");
  assert.deepEqual([again.imported, again.skipped], [0, 5]);
  const verified = await server.post("/api/license/verify", {
    license_key: "DEVICES-0001",
    hardware_hash: "9f86d081884c7d65",
  });
  assert.equal(verified.body.valid, true, JSON.stringify(verified.body));
});

test("devices keep their metadata, also from an export", async () => {
  await makeLicense(ctx, { key: "METADATA-001", productId: product.id, maxActivations: 3 });
  const table = [
    "License,Fingerprint,Metadata,metadata.asset,public_metadata.Site,entitlement.export",
    'METADATA-001,meta-0001,"{""rack"":""7""}",4711,Basel,yes',
    "METADATA-001,meta-0002,,0815,,",
    "METADATA-001,meta-0003,Basel,,,",
    `METADATA-001,meta-0004,,${"x".repeat(1001)},,`,
  ].join("\n");
  const dry = await imported(table, "dry_run=1");
  assert.equal(dry.columns.at(-1).column, null, "devices have no entitlements");
  const expected = [
    '4 Metadata: must be a JSON object such as {"export": true}',
    "5 Metadata: asset has more than 1000 characters",
  ];
  assert.deepEqual(errorsOf(dry), expected);
  const body = await imported(table);
  assert.deepEqual([body.imported, errorsOf(body)], [2, expected]);
  const metadata = {
    rack: { value: "7", public: false },
    asset: { value: 4711, public: false },
    Site: { value: "Basel", public: true },
  };
  const byName = async (q: string) =>
    Object.fromEntries((await devicesOf(q)).map((device) => [device.hardwareId, device.metadata]));
  assert.deepEqual(await byName("METADATA-001"), {
    "meta-0001": metadata,
    "meta-0002": { asset: { value: "0815", public: false } },
  });

  const { id } = await license("METADATA-001");
  const exported = await fetch(`${server.url}/api/admin/devices/export?format=csv&license_id=${id}`, {
    headers,
  });
  await makeLicense(ctx, { key: "METADATA-002", productId: product.id, maxActivations: 3 });
  const copied = await imported((await exported.text()).replaceAll("METADATA-001", "METADATA-002"));
  assert.deepEqual([copied.imported, copied.failed], [2, 0], JSON.stringify(copied.errors));
  assert.deepEqual(await byName("METADATA-002"), await byName("METADATA-001"));
});

test("a machine that may be active once within a product is registered once", async () => {
  for (const at of [1, 2, 3]) {
    await makeLicense(ctx, {
      key: `UNIQUE-0000${at}`,
      productId: product.id,
      ...(at < 3 ? { machineUniqueness: "product" as const } : {}),
    });
  }
  const table =
    "License,Fingerprint\nUNIQUE-00001,uni-que-1\nUNIQUE-00002,uni-que-1\nUNIQUE-00003,uni-que-1\n";
  const { id } = await license("UNIQUE-00001");
  assert.deepEqual(errorsOf(await imported(table)), [
    "3 Fingerprint: is active on the license of row 2, and may be active once for each product",
  ]);
  assert.deepEqual(
    errorsOf(await imported("License,Fingerprint\nUNIQUE-00002,uni-que-1\n")),
    [`2 Fingerprint: is active on license ${id}, and may be active once for each product`],
  );
});

test("a license that waits for its first activation starts with the earliest imported one", async () => {
  await makeLicense(ctx, {
    key: "WAITING-0001",
    productId: product.id,
    type: "subscription",
    duration: "P1Y",
    expiryBasis: "first_activation",
  });
  await imported(
    "License,Fingerprint,Activated\nWAITING-0001,wait-1a,2026-03-01\nWAITING-0001,wait-2b,2026-02-10\n",
  );
  const { validUntil, startsWith } = await license("WAITING-0001");
  assert.deepEqual([validUntil, startsWith], ["2027-02-09", null]);
});

test("new devices count against the limit on new ones; those with a date keep their history", async () => {
  await makeLicense(ctx, {
    key: "CHURNING-001",
    productId: product.id,
    maxActivations: 20,
    maxNewMachines: 2,
  });
  const daysAgo = (days: number) => new Date(ctx.now.getTime() - days * 86_400_000).toISOString();
  const table = [
    "License,Fingerprint,Active,Activated,Last seen",
    `CHURNING-001,dated-1a,,${daysAgo(200)},`,
    `CHURNING-001,dated-2b,,${daysAgo(100)},${daysAgo(1)}`,
    `CHURNING-001,dated-3c,,,${daysAgo(90)}`,
    `CHURNING-001,recent-1,,${daysAgo(3)},`,
    "CHURNING-001,new-0001,,,",
    "CHURNING-001,new-0002,,,",
    `CHURNING-001,recent-2,,${daysAgo(2)},`,
    "CHURNING-001,returned,no,,",
  ].join("\n");
  const expected = [
    "7 License: has had all its 2 new devices of 30 days. Say in Activated when the device was activated, or leave it out",
  ];
  assert.deepEqual(errorsOf(await imported(table, "dry_run=1")), expected);
  assert.deepEqual(errorsOf(await imported(table)), expected);
  assert.deepEqual(
    errorsOf(await imported("License,Fingerprint\nCHURNING-001,new-0003\n")),
    [expected[0].replace("7", "2")],
    "those that are there count",
  );
  const refused = await server.post("/api/license/activate", {
    license_key: "CHURNING-001",
    hardware_hash: "app-0001",
    machine_name: "x",
    app_version: "1.0",
  });
  assert.equal(refused.body.error.code, "NEW_MACHINES_LIMIT_REACHED");
});

test("devices that the overage admits are events with the number in use", async () => {
  const { id } = await makeLicense(ctx, {
    key: "OVERAGE-0001",
    productId: product.id,
    maxActivations: 2,
    machineOverage: 100,
  });
  const overLimit = async () =>
    (await listEvents(ctx, { licenseId: id, type: "activation.over_limit", limit: 10 })).rows
      .map(({ after, activationId }) => ({ ...after, hasDevice: activationId !== null }))
      .toReversed();
  const rows = [
    "over-001,yes",
    "over-002,yes",
    "over-003,no",
    "over-004,yes",
    "over-005,yes",
    "over-006,yes",
  ];
  const body = await imported(
    ["License,Fingerprint,Active", ...rows.map((row) => `OVERAGE-0001,${row}`)].join("\n"),
  );
  assert.deepEqual([body.imported, body.failed], [5, 1]);
  assert.deepEqual(await overLimit(), [
    { inUse: 3, limit: 2, hasDevice: true },
    { inUse: 4, limit: 2, hasDevice: true },
  ]);
});

test("a job saves batch by batch: licenses of earlier ones are free meanwhile, and another worker goes on", async () => {
  const ids = [];
  for (const at of [1, 2, 3]) {
    const given = {
      key: `BATCHES-000${at}`,
      productId: product.id,
      maxActivations: 2000,
      maxNewMachines: 1500,
    };
    ids.push((await makeLicense(ctx, given)).id);
  }
  const rows = Array.from(
    { length: 2600 },
    (_, at) => `BATCHES-000${1 + Math.floor(at / 1000)},batch-${at}-${"f".repeat(230)},${"n".repeat(200)}`,
  );
  rows[2500] = rows[3];
  rows[2501] = "UNKNOWN-0001,x-1234567,";
  const { status, body: { job_id: id } } = await send(["License,Fingerprint,Device", ...rows].join("\n"));
  assert.equal(status, 202);
  // A worker waits for locks for longer than a request does.
  const db = connect(server.databaseUrl, { max: 3, name: "worker", limits: timeLimits.long });
  const worker = { ...ctx, db };
  const locker = await db.reserve();
  await locker`begin`;
  await locker`select 1 from licenses where id = ${ids[2]} for update`;
  const running = runRequestedJobs(worker, realTime);
  await eventually(async () => (await getJob(ctx, id)).done === 2000);
  const activated = await server.post("/api/license/activate", {
    license_key: "BATCHES-0002",
    hardware_hash: "app-0001",
    machine_name: "x",
    app_version: "1.0",
  });
  assert.equal(activated.status, 201, JSON.stringify(activated.body));
  await server.db`update jobs set lease_token = gen_random_uuid() where id = ${id}`;
  await locker`rollback`;
  locker.release();
  await running;
  assert.equal((await getJob(ctx, id)).done, 2000, "the other worker's lease counts");
  await server.db`update jobs set leased_until = ${new Date(0)} where id = ${id}`;
  await runRequestedJobs(worker, realTime);
  await db.end();
  const { state, result } = await getJob(ctx, id);
  const report = result as unknown as {
    rows: number;
    imported: number;
    errors: { line: number; message: string }[];
  };
  assert.deepEqual([state, report.rows, report.imported], ["done", 2600, 2598]);
  assert.deepEqual(report.errors.map(({ line }) => line), [2502, 2503]);
  const counts = await Promise.all(ids.map(async (id) => (await getLicenseById(ctx, id)).activationsInUse));
  assert.deepEqual(counts, [1000, 1001, 598]);
});

test("200 activations beside an import never exceed the limit", async () => {
  await makeLicense(ctx, { key: "RACING-00001", productId: product.id, maxActivations: 20 });
  const rows = Array.from({ length: 100 }, (_, at) => `RACING-00001,import-${at}-a7f3`).join("\n");
  const [body] = await Promise.all([
    imported(`License,Fingerprint\n${rows}\n`),
    ...Array.from({ length: 200 }, (_, at) =>
      server.post("/api/license/activate", {
        license_key: "RACING-00001",
        hardware_hash: `app-${at}-91c4`,
        machine_name: "x",
        app_version: "1.0",
      })),
  ]);
  const active = (await listDevices(ctx, { licenseId: (await license("RACING-00001")).id, limit: 200 })).rows;
  assert.equal(active.length, 20);
  assert.equal((await license("RACING-00001")).activationsInUse, 20);
  assert.equal(
    body.imported,
    active.filter(({ hardwareId }) => hardwareId.startsWith("import-")).length,
  );
});
