// The three documented kinds of anomaly, each detected at its threshold and not before.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { deactivateMachine } from "../../server/domain/activations/deactivate.ts";
import { detectAnomalies } from "../../server/domain/anomalies/detect.ts";
import {
  getAnomaly,
  getAnomalyStats,
  listAnomalies,
  reopenAnomaly,
  resolveAnomaly,
} from "../../server/domain/anomalies/resolve.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const start = Date.parse("2030-01-01T00:00:00Z");
const after = (minutes: number) => system.ctx(new Date(start + minutes * 60_000));

async function activateMachine(licenseKey: string, hardwareId: string, minutes: number, address?: string) {
  const ctx = { ...await after(minutes), address };
  return await activateLicense(ctx, { licenseKey, hardwareId, machineName: null, appVersion: null });
}

const found = async (licenseId: number) =>
  (await listAnomalies(await after(0), { licenseId })).rows.map(({ kind, facts }) => ({
    kind,
    ...facts,
  }));

test("the sixth new machine within an hour is an unusual activation pattern, the fifth is not", async () => {
  const from = await system.ctx(new Date(start - 86_400_000));
  const [calm, busy] = [
    await makeLicense(from, { maxActivations: 50 }),
    await makeLicense(from, { maxActivations: 50 }),
  ];
  for (let n = 0; n < 10; n++) await activateMachine(calm.key, `calm-${n}`, n * 13);
  for (let n = 0; n < 6; n++) await activateMachine(busy.key, `busy-${n}`, n * 9);
  assert.equal(await detectAnomalies(await after(180)), 1);
  assert.deepEqual(await found(calm.id), []);
  assert.deepEqual(await found(busy.id), [{ kind: "unusual_activation_pattern", machinesWithinAnHour: 6 }]);
  const [event] = await system.db`
    select * from events where type = 'activity.suspicious' and license_id = ${busy.id}`;
  assert.equal(event.after.kind, "unusual_activation_pattern");
});

test("machines from a fourth network within a day are an unusual activation pattern, from one network are not", async () => {
  const license = await makeLicense(await after(0), { maxActivations: 50 });
  const addresses = ["203.0.113.7", "203.0.113.8", "198.51.100.1", "2001:db8:1:2::/64", "2001:db8:1:3::/64"];
  for (const [n, address] of addresses.entries()) {
    await activateMachine(license.key, `far-${n}`, 200 + n * 70, address);
  }
  assert.equal(await detectAnomalies(await after(600)), 0);
  await activateMachine(license.key, "far-9", 601, "192.0.2.1");
  assert.equal(await detectAnomalies(await after(602)), 1);
  assert.deepEqual(await found(license.id), [{ kind: "unusual_activation_pattern", networksWithinADay: 4 }]);
});

test("one machine on three licenses within a day is license hopping", async () => {
  const licenses = [];
  for (let n = 0; n < 3; n++) licenses.push(await makeLicense(await after(0)));
  await activateMachine(licenses[0].key, "hopper", 700);
  await activateMachine(licenses[1].key, "hopper", 710);
  assert.equal(await detectAnomalies(await after(711)), 0);
  await activateMachine(licenses[2].key, "hopper", 720);
  assert.equal(await detectAnomalies(await after(721)), 1);
  assert.deepEqual(await found(licenses[2].id), [{ kind: "license_hopping", licensesWithinADay: 3 }]);
});

test("a fourth change of machines on a license within a day is license hopping", async () => {
  const license = await makeLicense(await after(0), { maxActivations: 2 });
  await activateMachine(license.key, "stays", 800);
  for (let n = 0; n < 5; n++) {
    await activateMachine(license.key, `guest-${n}`, 810 + n * 80);
    assert.equal(await detectAnomalies(await after(811 + n * 80)), n === 4 ? 1 : 0, `change ${n}`);
    await deactivateMachine(await after(820 + n * 80), { licenseKey: license.key, hardwareId: `guest-${n}` });
  }
  assert.deepEqual(await found(license.id), [{ kind: "license_hopping", machineChangesWithinADay: 4 }]);
});

test("two machines that use one activation in turn by their components are license hopping, a repaired one is not", async () => {
  const license = await makeLicense(await after(0), { machineMatching: "two", maxActivations: 2 });
  const call = async (hardwareId: string, minutes: number, components: Record<string, string>) =>
    await activateLicense(await after(minutes), {
      licenseKey: license.key,
      hardwareId,
      machineName: null,
      appVersion: null,
      components,
    });
  const repaired = (n: number) => ({ board: "5e71", disk: "9b02", mac: `c0ffee${n}` });
  const inTurn = (n: number) => ({ board: "77aa", disk: "10c4", mac: n % 2 ? "a1b2c3d4" : "e5f60718" });
  for (let n = 0; n < 5; n++) {
    await call(`repaired-${n}`, 1210 + n * 10, repaired(n));
    await call(`turn-${n % 2}`, 1211 + n * 10, inTurn(n));
  }
  assert.equal(await detectAnomalies(await after(1260)), 0, "three times back");
  await call("turn-1", 1261, inTurn(1));
  assert.equal(await detectAnomalies(await after(1262)), 1);
  assert.deepEqual(await found(license.id), [{ kind: "license_hopping", alternationsWithinADay: 4 }]);
  const { rows: [anomaly] } = await listAnomalies(await after(0), { licenseId: license.id });
  assert.equal(anomaly.subject, `activation:${anomaly.activationId}`);
});

test("an anomaly is opened once, also after downtime, and reopened after its resolution only when it recurs", async () => {
  const license = await makeLicense(await after(0), { maxActivations: 50 });
  for (let n = 0; n < 7; n++) await activateMachine(license.key, `late-${n}`, 1500 + n);
  const [one, two] = await Promise.all([after(4000), after(4000)]);
  const counts = await Promise.all([detectAnomalies(one), detectAnomalies(two)]);
  assert.deepEqual(counts.sort(), [0, 1], "two workers detect it once, two days later");
  const { rows: [anomaly] } = await listAnomalies(await after(0), { licenseId: license.id });
  await resolveAnomaly(await after(4010), { id: anomaly.id, note: "They moved offices" });
  await assert.rejects(resolveAnomaly(await after(4010), { id: anomaly.id, note: "" }), { code: "CONFLICT" });
  assert.equal(await detectAnomalies(await after(4011)), 0);
  for (let n = 0; n < 6; n++) await activateMachine(license.key, `again-${n}`, 4020 + n);
  assert.equal(await detectAnomalies(await after(4030)), 1);
  const stats = await getAnomalyStats(await after(4030));
  assert.deepEqual(stats, {
    total: 7,
    unresolved: 6,
    byKind: { unusual_activation_pattern: 4, excessive_heartbeats: 0, license_hopping: 3, license_cloned: 0 },
  });
});

test("an anomaly says how far the threshold was exceeded, with what is needed to act on it", async () => {
  const ctx = await after(4030);
  const [mild] = (await listAnomalies(ctx, { unresolved: false })).rows;
  assert.deepEqual([mild.threshold, mild.severity], [5, "warning"], "7 machines within an hour");
  const license = await makeLicense(await after(0), { maxActivations: 50 });
  for (let n = 0; n < 10; n++) await activateMachine(license.key, `flood-${n}`, 4031 + n);
  assert.equal(await detectAnomalies(await after(4050)), 1);
  const { rows: [severe] } = await listAnomalies(ctx, { severity: "critical" });
  assert.deepEqual([severe.licenseId, severe.threshold, severe.facts], [license.id, 5, {
    machinesWithinAnHour: 10,
  }]);
  const details = await getAnomaly(ctx, severe.id);
  assert.deepEqual(
    [details.licenseKey, details.licenseIsActive, details.hardwareId, details.machineIsActive],
    [license.key, true, "flood-9", true],
  );
  await assert.rejects(getAnomaly(ctx, 999_999), { code: "NOT_FOUND" });
  await system.db`delete from anomalies where id = ${severe.id}`;
});

test("a resolved anomaly is reopened with its note, unless it was detected again meanwhile", async () => {
  const { rows: [resolved] } = await listAnomalies(await after(4030), { unresolved: false });
  await assert.rejects(reopenAnomaly(await after(4031), { id: resolved.id }), { code: "CONFLICT" });
  const { rows: [other] } = await listAnomalies(await after(4031), { kind: "license_hopping" });
  await assert.rejects(
    reopenAnomaly(await after(4032), { id: other.id }),
    { code: "CONFLICT" },
    "it is open",
  );
  await resolveAnomaly(await after(4033), { id: other.id, note: "Known" });
  const { note, resolvedAt, resolvedBy } = await reopenAnomaly(await after(4034), { id: other.id });
  assert.deepEqual([note, resolvedAt, resolvedBy], ["Known", null, null]);
  const [event] = await system.db`
    select * from events where type = 'anomaly.reopened'`;
  assert.deepEqual([event.subjectId, event.after], [other.id, { kind: "license_hopping" }]);
  await assert.rejects(reopenAnomaly(await after(4035), { id: 999_999 }), { code: "NOT_FOUND" });
});

test("anomalies are filtered by state, found by name, and paged over REST by the previous id", async () => {
  const ctx = await after(4040);
  const all = await listAnomalies(ctx, {});
  assert.equal(all.total, 7);
  const resolved = await listAnomalies(ctx, { unresolved: false });
  assert.deepEqual(resolved.rows.map(({ note }) => note), ["They moved offices"]);
  assert.equal((await listAnomalies(ctx, { unresolved: true })).total, 6);
  const [{ id, customerName, licenseKey }] = resolved.rows;
  const named = await listAnomalies(ctx, { q: customerName! });
  assert.ok(named.rows.length > 0 && named.rows.every((row) => row.customerName === customerName));
  assert.ok((await listAnomalies(ctx, { q: licenseKey! })).rows.some((row) => row.id === id));
  const earlier = await listAnomalies(ctx, { before: id });
  assert.deepEqual(earlier.rows, all.rows.filter((row) => row.id < id));
});

test("an eleventh refused heartbeat of an activation within ten minutes is excessive heartbeats", async () => {
  const server = await startTestServer({ RATE_LIMIT_HEARTBEAT: "1" });
  const license = await makeLicense(await server.ctx());
  const machine = { license_key: license.key, hardware_hash: "impatient" };
  await server.post("/api/license/activate", machine);
  const statuses = [];
  for (let n = 0; n < 13; n++) {
    statuses.push((await server.post("/api/license/heartbeat", machine)).status);
    if (n === 11) {
      await server.post("/api/license/heartbeat", { ...machine, hardware_hash: "unknown" });
    }
  }
  assert.deepEqual(statuses, [200, 200, ...Array(11).fill(429)]);
  await server.server.stop();
  const soon = await server.ctx(new Date(Date.now() + 1000));
  assert.equal(await detectAnomalies(soon), 1);
  const { rows: anomalies } = await listAnomalies(soon, { licenseId: license.id });
  assert.deepEqual(anomalies.map(({ kind, facts }) => [kind, facts]), [
    ["excessive_heartbeats", { refusedWithinTenMinutes: 11 }],
  ]);
  await server.db.end();
});

test("the database connections close", () => system.db.end());
