// The TypeScript library: mistakes in its options, devices that are given back, old files, and listeners that fail.
import assert from "node:assert/strict";
import { fetchTransport } from "../../sdk/typescript/src/fetch_transport.ts";
import { LicenseClient } from "../../sdk/typescript/src/license_client.ts";
import type { LicenseOptions } from "../../sdk/typescript/src/options.ts";
import { readRecord, writeRecord } from "../../sdk/typescript/src/record.ts";
import { memoryStorage, type Storage } from "../../sdk/typescript/src/storage.ts";
import { DAY, fileClaims, fileWith, FINGERPRINT, ISSUED, PRODUCT } from "../../sdk/vectors/samples.ts";
import { productKey } from "../../sdk/vectors/signer.ts";
import { readRemovalCode } from "../../server/domain/license_files/removal_code.ts";
import { lost, testClient } from "../support/sdk_client.ts";
import { eventually, test } from "../support/test.ts";

const right: LicenseOptions = {
  url: "https://licenses.example.com",
  apiKey: "key",
  product: PRODUCT,
  version: "2.1.0",
  publicKeys: [productKey.publicKey],
  device: { fingerprint: FINGERPRINT },
  storage: memoryStorage(),
};

/** A client without a network, two days after the file of the vectors was issued. */
function isolated(storage: Storage = memoryStorage()) {
  const made = testClient({ ...right, storage });
  made.clock.now = () => (ISSUED + 2 * DAY) * 1000;
  made.network.disturbance = lost;
  return made;
}

test("mistakes in the options are refused at once, and the message names the option", () => {
  const { x } = productKey.publicKey;
  const wrong: [RegExp, Record<string, unknown>][] = [
    [/^url /, { url: undefined }],
    [/^url /, { url: "licenses.example.com" }],
    [/^url /, { url: "ftp://licenses.example.com" }],
    [/^url /, { url: "https://licenses.example.com/?x=1" }],
    [/^apiKey /, { apiKey: "" }],
    [/^apiKey /, { apiKey: "key\n" }],
    [/^product /, { product: "" }],
    [/^version /, { version: undefined }],
    [/^released /, { released: "15.02.2026" }],
    [/^released /, { released: "2026-02-30" }],
    [/^publicKeys /, { publicKeys: [] }],
    [/^publicKeys /, { publicKeys: undefined }],
    [/kid and x/, { publicKeys: [{ x }] }],
    [/kid and x/, { publicKeys: [null] }],
    [/not one of Ed25519/, { publicKeys: [{ kid: "a", x: x.slice(4) }] }],
    [/not one of Ed25519/, { publicKeys: [{ kid: "a", x: "A".repeat(43) }] }],
    [/^device.fingerprint /, { device: undefined }],
    [/^device.fingerprint /, { device: { fingerprint: "x".repeat(256) } }],
    [/^device.components /, { device: { fingerprint: "x", components: { board: 1 } } }],
    [/^storage /, { storage: {} }],
    [/^refreshInterval /, { refreshInterval: 0 }],
    [/^timeout /, { timeout: NaN }],
    [/^retries.attempts /, { retries: { attempts: -1 } }],
    [/^retries.attempts /, { retries: { attempts: 0 } }],
    [/^transport /, { transport: "fetch" }],
    [/^clock /, { clock: {} }],
  ];
  for (const [message, options] of wrong) {
    const make = () => new LicenseClient({ ...right, ...options } as LicenseOptions);
    assert.throws(make, { code: "INVALID_OPTIONS", message });
  }
  assert.throws(() => new LicenseClient(undefined as never), { code: "INVALID_OPTIONS" });
  new LicenseClient({ ...right, released: null, timeout: undefined, transport: undefined });
});

test("a device without a network is given back by a code, which stays the same", async () => {
  const { client, storage } = isolated();
  await assert.rejects(client.deactivateOffline(), { code: "NOT_ACTIVATED" });
  const file = await fileWith();
  assert.equal((await client.installFile(file)).state, "valid");
  const code = await client.deactivateOffline();
  assert.deepEqual(readRemovalCode(code)?.activationId, 34);
  assert.equal((await client.status()).state, "not_activated");
  const record = JSON.parse((await storage.read())!);
  assert.deepEqual([record.file, record.removed], [null, { 34: { seq: ISSUED, code } }]);
  assert.equal((await client.installFile(file)).state, "not_activated", "the file that was kept");
  assert.equal(await client.deactivateOffline(), code);
  assert.equal(await isolated(storage).client.deactivateOffline(), code, "after another start");
  await storage.write(writeRecord({ ...readRecord(await storage.read()), file }));
  assert.equal(
    (await isolated(storage).client.status()).state,
    "not_activated",
    "the file that was put back",
  );
  assert.equal(await isolated(storage).client.deactivateOffline(), code);
  const since = await fileWith({ seq: ISSUED + 1 });
  assert.equal((await client.installFile(since)).state, "valid", "the device was activated again");
  assert.notEqual(await client.deactivateOffline(), code);
});

test("an older file, or a damaged one, does not replace the file of the device", async () => {
  const { client } = isolated();
  const newer = await fileWith({ seq: ISSUED + 9, max_users: 7 });
  assert.equal((await client.installFile(newer)).maxUsers, 7);
  const refused = await client.installFile(await fileWith());
  assert.deepEqual([refused.state, refused.reason], [
    "invalid",
    "A later license file of this device was seen.",
  ]);
  assert.equal((await client.installFile(undefined as never)).state, "invalid");
  const { state, maxUsers } = await client.status();
  assert.deepEqual([state, maxUsers], ["valid", 7]);
});

test("the record has the same form in every language, and wrong types in it count as absent", () => {
  const record = {
    format: 1,
    license_key: "TEST-TEST-TEST-TEST",
    file: null,
    validation: null,
    refusal: null,
    trusted: ISSUED,
    seq: { 34: ISSUED },
    lists: { "https://licenses.example.com/list": ISSUED },
    removed: { 34: { seq: 1, code: "A" } },
    list: null,
  };
  assert.deepEqual(JSON.parse(writeRecord(readRecord(JSON.stringify(record)))), record);
  const damaged = {
    trusted: 1e300,
    seq: { 34: "1", 35: -1, 36: 7 },
    lists: [],
    removed: { 34: { seq: 1 }, 35: 7 },
    file: {},
    license_key: 12,
    later: true,
  };
  const read = JSON.parse(writeRecord(readRecord(JSON.stringify(damaged))));
  assert.deepEqual(read, {
    ...record,
    license_key: null,
    trusted: 0,
    seq: { 36: 7 },
    lists: {},
    removed: {},
  });
  for (const text of ["", "null", "[]", "7", '"x"', "{"]) assert.equal(readRecord(text).trusted, 0);
});

test("a storage that cannot be read for a moment loses nothing", async () => {
  const kept = memoryStorage();
  let isBusy = false;
  const storage: Storage = {
    ...kept,
    read: () => isBusy ? Promise.reject(new Error("EBUSY")) : kept.read(),
    write: (text) => isBusy ? Promise.reject(new Error("EBUSY")) : kept.write(text),
  };
  await isolated(storage).client.installFile(await fileWith());
  isBusy = true;
  const { client } = isolated(storage);
  assert.deepEqual((await client.status()).state, "not_activated");
  isBusy = false;
  const status = await client.status();
  assert.deepEqual([status.state, status.storageError], ["valid", null]);
});

test("a change that cannot be written holds while it is read", async () => {
  const kept = memoryStorage();
  const written = Promise.withResolvers<void>();
  const storage: Storage = { ...kept, write: () => written.promise };
  const { client } = isolated(storage);
  const installed = client.installFile(await fileWith());
  await eventually(async () => (await client.status()).state === "valid");
  written.reject(new Error("No space left on device"));
  assert.equal((await installed).state, "valid");
  assert.match(String((await client.status()).storageError), /No space/);
});

test("a listener that fails ends neither the call nor refreshing", async () => {
  const { client } = isolated();
  const states: string[] = [];
  client.onChange(() => {
    throw new Error("A fault of the app");
  });
  client.onChange(({ state }) => states.push(state));
  await client.installFile(await fileWith());
  assert.deepEqual(states, ["valid"]);
});

test("calls are not redirected with the API key, and endless answers are cut off", async () => {
  const seen: (string | null)[] = [];
  const server = Deno.serve({ port: 0, onListen: () => {} }, (request) => {
    seen.push(request.headers.get("x-api-key"));
    if (new URL(request.url).pathname === "/endless") {
      return new Response(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536)) }));
    }
    return Response.redirect(new URL("/elsewhere", request.url), 307);
  });
  const url = `http://localhost:${server.addr.port}`;
  const { client } = testClient({ ...right, url, transport: fetchTransport });
  await assert.rejects(client.activate("TEST-TEST-TEST-TEST"), { code: "HTTP_307" });
  assert.deepEqual(seen, ["key"]);
  const endless = await fetchTransport(`${url}/endless`, { method: "GET", headers: {} });
  await assert.rejects(endless.text(), /too large/);
  await server.shutdown();
});

test("a file of another vendor's activation has no removal code", async () => {
  const { client, storage } = isolated();
  const record = {
    ...readRecord(null),
    file: await fileWith({ machine: fileClaims().machine, product: "x" }),
  };
  await storage.write(writeRecord(record));
  await assert.rejects(client.deactivateOffline(), { code: "NOT_ACTIVATED" });
});
