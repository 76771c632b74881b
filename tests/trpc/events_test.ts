// The audit log: events carry display names and can be found by the request that caused them.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { deactivateDevice } from "../../server/domain/devices/manage.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { readEventsAfter } from "../../server/domain/events/follow.ts";
import { systemTitle } from "../../server/domain/events/catalogue/system_titles.ts";
import { makeLicense } from "../support/fixtures.ts";
import { signInToPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { client } = await signInToPanel(server, "manager");

test("An event has the license's key, the customer's and the machine's name, listed and live", async () => {
  const { position } = await readEventsAfter(ctx, null);
  const license = await makeLicense(ctx, { customer: { name: "ACME Corp", email: "it@acme.example" } });
  const { activation } = await activateLicense(ctx, {
    licenseKey: license.key,
    hardwareId: "fingerprint",
    machineName: "Bench 4",
    appVersion: null,
  });
  await deactivateDevice(ctx, { licenseId: license.id, deviceId: activation.id });
  const names = ({ type, licenseKey, customerName, machineName }: {
    type: string;
    licenseKey: string | null;
    customerName: string | null;
    machineName: string | null;
  }) => [type, licenseKey, customerName, machineName];
  const expected = [
    ["license.deactivated", license.key, "ACME Corp", "Bench 4"],
    ["license.activated", license.key, "ACME Corp", "Bench 4"],
    ["license.created", license.key, "ACME Corp", null],
  ];
  const { rows } = await client.events.list.query({ licenseId: license.id });
  assert.deepEqual(rows.map(names), expected);
  const { events } = await readEventsAfter(ctx, position);
  const live = events.map(({ event }) => event).filter(({ licenseId }) => licenseId === license.id);
  assert.deepEqual(live.map(names).reverse(), expected);
  const { rows: [product] } = await client.events.list.query({ type: "product.created" });
  assert.deepEqual(names(product), ["product.created", null, null, null]);
});

test("Events can be found by the id of their request", async () => {
  const one = { ...ctx, requestId: crypto.randomUUID() };
  await createCustomer(one, { name: "One" });
  await createCustomer(one, { name: "Two" });
  await createCustomer({ ...ctx, requestId: crypto.randomUUID() }, { name: "Three" });
  const page = await client.events.list.query({ requestId: one.requestId });
  assert.deepEqual(page.rows.map(({ customerName }) => customerName), ["Two", "One"]);
  assert.deepEqual([page.total, page.totalIsMore], [2, false]);
  assert.deepEqual((await client.events.list.query({ requestId: "unknown" })).rows, []);
});

test("Events can be found by their object, also with only its kind or its id, and by the beginning of their type", async () => {
  const license = await makeLicense(ctx);
  const machine = { licenseKey: license.key, hardwareId: "other", machineName: null, appVersion: null };
  const { activation: { id } } = await activateLicense(ctx, machine);
  await deactivateDevice(ctx, { licenseId: license.id, deviceId: id });
  const typesOf = async (query: Parameters<typeof client.events.list.query>[0]) =>
    (await client.events.list.query(query)).rows.map(({ type }) => type);
  const ofActivation = ["license.deactivated", "license.activated"];
  assert.deepEqual(await typesOf({ subjectKind: "activation", subjectId: id }), ofActivation);
  const anyKind = await typesOf({ subjectId: id, type: "license.", licenseId: license.id });
  assert.deepEqual(anyKind.filter((type) => type !== "license.created"), ofActivation);
  assert.deepEqual(await typesOf({ subjectKind: "license", subjectId: license.id }), ["license.created"]);
  assert.deepEqual(await typesOf({ subjectKind: "product", subjectId: license.productId }), [
    "product.created",
  ]);
  assert.deepEqual(new Set(await typesOf({ subjectKind: "activation" })), new Set(ofActivation));
  assert.deepEqual(await typesOf({ subjectKind: "webhook", subjectId: id }), []);
  assert.ok((await typesOf({ type: "license." })).includes("license.created"));
  assert.deepEqual(await typesOf({ type: "icense." }), []);
});

test("Events of the system are found by what the panel calls its work", async () => {
  await createCustomer({ ...ctx, actor: { kind: "system", job: "restore" } }, { name: "Restored Ltd" });
  const find = async (q: string) =>
    (await client.events.list.query({ q })).rows.map(({ customerName }) => customerName);
  assert.equal(systemTitle("restore"), "backup restore");
  assert.deepEqual(await find("Backup re"), ["Restored Ltd"]);
  assert.deepEqual(await find("backup of"), []);
  assert.equal(systemTitle("detect_anomalies"), "anomaly detection");
  assert.equal(systemTitle("demo data"), "demo data");
});

test("The server stops without an error", () => server.stop());
