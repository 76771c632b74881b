// How license files are refused, renewed, given back and borrowed, and how copies of them are noticed.
import assert from "node:assert/strict";
import { lapseIdleActivations } from "../../server/domain/activations/lapse.ts";
import { detectAnomalies } from "../../server/domain/anomalies/detect.ts";
import { listAnomalies } from "../../server/domain/anomalies/resolve.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { DAY, fileOf, offlineProduct, readFile } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { checkout, checkin, makeOffline, keySet } = await offlineProduct(server);
const read = (file: string) => readFile(file, keySet());

test("what may not be used gets no file, with a reason", async () => {
  const { license, machine } = await makeOffline();
  const refused = async (body: object, status: number, code: string) => {
    const reply = await checkout({ ...machine, ...body });
    assert.deepEqual([reply.status, reply.body.error.code], [status, code], JSON.stringify(reply.body));
    return reply.body.error;
  };
  await refused({ license_key: "TEST-TEST-TEST-TEST" }, 404, "INVALID_LICENSE");
  await refused({ hardware_hash: "machine-2" }, 403, "NOT_ACTIVATED");
  const tooLong = await refused({ ttl: 31 * DAY }, 400, "INVALID_REQUEST");
  assert.deepEqual(tooLong.details.field, "ttl");
  assert.match(tooLong.message, /2592000/);
  for (const ttl of [0, -1, 59, 1.5, "P1D", 1e12]) await refused({ ttl }, 400, "INVALID_REQUEST");
  await refused({ license_file: "x".repeat(70_000) }, 400, "INVALID_REQUEST");
  const online = await makeOffline({ offlineDays: 0 });
  assert.equal((await checkout(online.machine)).body.error.code, "OFFLINE_NOT_ALLOWED");
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  await eventually(async () => (await checkout(machine)).body.error?.code === "LICENSE_INACTIVE");
  const gone = await makeOffline();
  await server.post("/api/license/deactivate", gone.machine);
  await eventually(async () => (await checkout(gone.machine)).body.error?.code === "ACTIVATION_INACTIVE");
});

test("200 files of one activation at once have 200 numbers", async () => {
  const { machine, license } = await makeOffline();
  const replies = await Promise.all(Array.from({ length: 200 }, () => checkout(machine)));
  assert.deepEqual(replies.filter(({ status }) => status !== 200), []);
  const numbers = replies.map(({ body }) => body.seq);
  assert.equal(new Set(numbers).size, 200);
  const [{ seq }] = await server.db`select seq from license_files where license_id = ${license.id}`;
  assert.equal(seq, Math.max(...numbers));
});

test("a validation renews a file past half its life, and no other", async () => {
  const { machine, license } = await makeOffline();
  const calls = {
    verify: (file: unknown) => server.post("/api/license/verify", { ...machine, file }),
    heartbeat: (file: unknown) => server.post("/api/license/heartbeat", { ...machine, file }),
    v1: (file: unknown) =>
      server.post("/api/v1/validate", { license_key: license.key, hardware_id: "machine-1", file }),
  };
  const first = (await calls.verify(true)).body.license_file;
  let { seq } = await read(first);
  for (const [name, call] of Object.entries(calls)) {
    for (const file of [true, false, null, first]) {
      assert.ok(!("license_file" in (await call(file)).body), name);
    }
    await server.db`
      update license_files
      set issued_at = issued_at - interval '16 days', expires_at = expires_at - interval '16 days'
      where license_id = ${license.id}`;
    const renewed = await call(first);
    const next = (await read(renewed.body.license_file)).seq;
    assert.ok(next > seq, name);
    seq = next;
    assert.ok(!("license_file" in (await call(true)).body), name);
  }
  const online = await makeOffline({ offlineDays: 0 });
  assert.ok(
    !("license_file" in (await server.post("/api/license/verify", { ...online.machine, file: true })).body),
  );
  const other = await server.post("/api/license/verify", {
    ...machine,
    hardware_hash: "machine-2",
    file: true,
  });
  assert.deepEqual([other.body.valid, other.body.license_file], [false, undefined]);
});

test("a file that is given back ends, once", async () => {
  const { machine, license } = await makeOffline();
  assert.deepEqual((await checkin(machine)).body.returned, false);
  await checkout(machine);
  assert.deepEqual((await checkin(machine)).body, { message: "License file returned", returned: true });
  assert.deepEqual((await checkin(machine)).body.returned, false);
  assert.equal((await checkin({ ...machine, hardware_hash: "machine-2" })).status, 404);
  const again = await server.post("/api/license/verify", { ...machine, file: true });
  assert.ok((await read(again.body.license_file)).seq > 0);
  const types = await server.db`
    select type from events where license_id = ${license.id} and type like 'license_file.%' order by id`;
  assert.deepEqual(types.map(({ type }) => type), [
    "license_file.issued",
    "license_file.returned",
    "license_file.issued",
  ]);
});

test("a borrowed activation stays without heartbeats until its file ends; another file ends with the lease", async () => {
  const lease = { machineLease: "P7D" };
  const [held, free] = [await makeOffline({ ...lease, offlineBorrowing: true }), await makeOffline(lease)];
  const claims = [
    await read(fileOf(await checkout(held.machine))),
    await read(fileOf(await checkout(free.machine))),
  ];
  assert.deepEqual(claims.map(({ exp, iat }) => exp - iat), [30 * DAY, 7 * DAY]);
  const inUse = async () =>
    (await server.db`
      select id, activations_in_use from licenses where id in (${held.license.id}, ${free.license.id}) order by id`)
      .map(({ activationsInUse }) => activationsInUse);
  const in20Days = await server.ctx(new Date(Date.now() + 20 * DAY * 1000));
  await lapseIdleActivations(in20Days);
  assert.deepEqual(await inUse(), [1, 0]);
  await lapseIdleActivations(await server.ctx(new Date(Date.now() + 31 * DAY * 1000)));
  assert.deepEqual(await inUse(), [0, 0]);
  const returned = await makeOffline({ ...lease, offlineBorrowing: true });
  await checkout(returned.machine);
  await checkin(returned.machine);
  await lapseIdleActivations(in20Days);
  const [{ activationsInUse }] = await server.db`
    select activations_in_use from licenses where id = ${returned.license.id}`;
  assert.equal(activationsInUse, 0, "given back");
});

test("a file that two machines show, and one that goes back, are anomalies", async () => {
  const { machine, license } = await makeOffline();
  const { machine: other, license: restored } = await makeOffline();
  const file = fileOf(await checkout(machine));
  await server.post("/api/license/activate", { ...machine, hardware_hash: "machine-2" });
  for (const hardware_hash of ["machine-2", "never-activated"]) {
    await server.post("/api/license/verify", { ...machine, hardware_hash, file });
  }
  // A copy of a virtual machine shows a file that is older than the one that the machine has shown.
  const first = fileOf(await checkout(other));
  const next = fileOf(await checkout({ ...other, license_file: first }));
  await checkout({ ...other, license_file: next });
  await checkout({ ...other, license_file: next });
  const found = async (licenseId: number) => {
    await detectAnomalies(await server.ctx(new Date(Date.now() + 60_000)));
    const { rows } = await listAnomalies(ctx, { licenseId, kind: "license_cloned" });
    return rows.map(({ facts }) => facts);
  };
  assert.deepEqual(await found(restored.id), [], "an answer that was lost is no copy");
  await checkout({ ...other, license_file: first });
  assert.deepEqual(await found(license.id), [{ copiesWithinADay: 1 }]);
  const reasons = await server.db`
    select license_id, after ->> 'reason' as reason from events where type = 'license_file.cloned' order by id`;
  assert.deepEqual(reasons.map(({ licenseId, reason }) => [licenseId, reason]), [
    [license.id, "other_machine"],
    [restored.id, "older_file"],
  ]);
  // A text that is no file of this server says nothing.
  for (
    const text of ["", "nonsense", "-----BEGIN LATCHKEY LICENSE-----\na.b.c\n-----END LATCHKEY LICENSE-----"]
  ) {
    assert.equal((await checkout({ ...machine, license_file: text })).status, 200, text);
  }
});

test("the server stops", () => server.stop());
