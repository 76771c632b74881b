// What the TypeScript library does when its surroundings fail: network, disk, cache file, other processes and the clock.
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deviceOf } from "../../sdk/typescript/src/fingerprint.ts";
import { fileStorage } from "../../sdk/typescript/src/node/file_storage.ts";
import { machineDevice } from "../../sdk/typescript/src/node/machine.ts";
import type { Storage } from "../../sdk/typescript/src/storage.ts";
import { fileWith, FINGERPRINT, ISSUED, LICENSE_KEY, PRODUCT } from "../../sdk/vectors/samples.ts";
import { productKey, signed } from "../../sdk/vectors/signer.ts";
import { validationClaims } from "../../sdk/vectors/validation_cases.ts";
import { lost, testClient } from "../support/sdk_client.ts";
import { eventually, test } from "../support/test.ts";

const file = await fileWith();

/** A client at the time of the vectors, with an answer to each request; the server answers VALID by default. */
function connect(options: { storage?: Storage; retries?: { attempts: number } } = {}) {
  const made = testClient({
    url: "https://licenses.example.com",
    apiKey: "key",
    product: PRODUCT,
    publicKeys: [productKey.publicKey],
    device: { fingerprint: FINGERPRINT },
    ...options,
  });
  made.clock.now = () => (ISSUED + made.clock.offset) * 1000;
  made.network.disturbance = answer;
  return made;
}

async function answer(url: string, { body }: { body?: string }): Promise<Response> {
  if (url.endsWith("/activate")) return Response.json({ message: "" }, { status: 201 });
  const { nonce } = JSON.parse(body!);
  const signature = await signed("license-validation+jwt", validationClaims({ nonce }));
  return Response.json({ valid: true, code: "VALID", signature, license_file: file });
}

async function inFolder(work: (path: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-"));
  try {
    await work(join(folder, "app", "license.json"), folder);
  } finally {
    await chmod(folder, 0o700);
    await rm(folder, { recursive: true });
  }
}

/** Runs the client's timers until a call has ended, and returns their delays in seconds without the time limits. */
async function waitFor(clock: { timers: { delay: number }[]; run(): number }, call: Promise<unknown>) {
  const delays: number[] = [];
  let isEnded = false;
  const ended = call.finally(() => isEnded = true);
  ended.catch(() => {});
  while (!isEnded) {
    await new Promise((resolve) => setTimeout(resolve));
    if (clock.timers.some(({ delay }) => delay < 20_000)) delays.push(clock.run() / 1000);
  }
  return delays;
}

test("after network errors, 429 and 503 a call is repeated with the same idempotency key, and a refusal ends it", async () => {
  const { client, clock, network } = connect({ retries: { attempts: 5 } });
  const answers = [
    lost,
    () => Response.json({}, { status: 503, headers: { "retry-after": "7" } }),
    () => Response.json({}, { status: 429, headers: { "retry-after": "9" } }),
    () => Response.json({ error: { code: "INTERNAL_ERROR", message: "m" } }, { status: 500 }),
  ];
  network.disturbance = (url, request) => answers.shift()!(url, request);
  const call = client.activate(LICENSE_KEY);
  const delays = await waitFor(clock, call);
  await assert.rejects(call, { code: "INTERNAL_ERROR" });
  assert.ok(delays[0] >= 0.5 && delays[0] <= 1);
  assert.deepEqual(delays.slice(1), [7, 9]);
  const keys = network.requests.map(({ request }) => request.headers["idempotency-key"]);
  assert.equal(keys.length, 4);
  assert.equal(new Set(keys).size, 1);
});

test("a slow answer holds up neither the start nor the state, and ends after its time", async () => {
  const { client, clock, network } = connect();
  await client.activate(LICENSE_KEY);
  network.disturbance = () => new Promise(() => {});
  assert.equal((await client.start()).state, "valid");
  const refresh = client.refresh();
  assert.equal(client.refresh(), refresh, "two refreshes are one request");
  assert.equal((await client.status()).state, "valid");
  await eventually(() => Promise.resolve(clock.timers.some(({ delay }) => delay === 20_000)));
  while (clock.run() < 20_000);
  assert.equal((await refresh).error?.code, "NETWORK_ERROR");
  client.stop();
});

test("refreshes follow in intervals with jitter, and stop with the app", async () => {
  const { client, clock, network } = connect();
  await client.activate(LICENSE_KEY);
  const before = network.requests.length;
  await client.start();
  assert.ok(clock.run() <= 5000);
  const next = await eventually(() => Promise.resolve(clock.timers.find(({ delay }) => delay > 20_000)));
  assert.ok(next.delay >= 3_240_000 && next.delay <= 3_600_000, `${next.delay}`);
  assert.equal(network.requests.length, before + 1);
  client.stop();
  assert.deepEqual(clock.timers, []);
});

test("a license without a file is used offline for three days, and then not", async () => {
  const { client, clock, network } = connect();
  network.disturbance = async (url, request) => {
    const { license_file: _, ...body } = await (await answer(url, request)).json();
    return Response.json(body);
  };
  assert.equal((await client.activate(LICENSE_KEY)).state, "valid");
  network.disturbance = lost;
  const states: string[] = [];
  for (const day of [0.9, 1.1, 2.9, 3.1]) {
    clock.offset = day * 86_400;
    states.push((await client.status()).state);
  }
  assert.deepEqual(states, ["valid", "offline_grace", "offline_grace", "expired"]);
});

test("a cache file that was cut, removed or filled with anything is replaced by the one before it", async () => {
  await inFolder(async (path) => {
    await connect({ storage: fileStorage(path) }).client.activate(LICENSE_KEY);
    for (const damage of [() => truncate(path, 90), () => writeFile(path, "\0\0"), () => rm(path)]) {
      await damage();
      const { client } = connect({ storage: fileStorage(path) });
      const status = await client.refresh();
      assert.equal(status.state, "valid");
      assert.equal(status.storageError, null);
    }
    assert.deepEqual((await readdir(join(path, ".."))).sort(), ["license.json", "license.json.previous"]);
  });
});

test("a cache file that was cut anywhere is as good as the one before it, and without that one asks again", async () => {
  await inFolder(async (path) => {
    await connect({ storage: fileStorage(path) }).client.activate(LICENSE_KEY);
    const [whole, previous] = await Promise.all([readFile(path), readFile(`${path}.previous`)]);
    const stateAfter = async (change: (length: number) => Promise<void>, length: number) => {
      await writeFile(path, whole.subarray(0, length));
      await writeFile(`${path}.previous`, previous);
      await change(length);
      const { client } = connect({ storage: fileStorage(path) });
      const { state, storageError } = await client.status();
      assert.equal(storageError, null);
      return state;
    };
    const alone = new Set<string>();
    for (let length = 0; length < whole.length; length += 10) {
      assert.equal(await stateAfter(async () => {}, length), "not_activated", "activated, and not yet asked");
      alone.add(await stateAfter(() => rm(`${path}.previous`), length));
      alone.add(await stateAfter((length) => truncate(`${path}.previous`, length / 2), length));
    }
    assert.deepEqual([...alone], ["not_activated"]);
    assert.equal((await connect({ storage: fileStorage(path) }).client.activate(LICENSE_KEY)).state, "valid");
  });
});

test("with a full disk or a home that cannot be written to, the license is kept in memory", async () => {
  const full: Storage = {
    read: () => Promise.resolve(null),
    write: () => Promise.reject(Object.assign(new Error("No space left on device"), { code: "ENOSPC" })),
  };
  const failing = [full, fileStorage("/proc/latchkey/license.json"), fileStorage("/dev/full/license.json")];
  for (const storage of failing) {
    const { client, network } = connect({ storage });
    const status = await client.activate(LICENSE_KEY);
    assert.equal(status.state, "valid");
    assert.ok(status.storageError instanceof Error);
    network.disturbance = lost;
    assert.equal((await client.refresh()).state, "valid");
  }
});

test("processes that change one cache file at once lose nothing of each other", async () => {
  await inFolder(async (path) => {
    const storages = Array.from({ length: 8 }, () => fileStorage(path));
    const count = async (storage: Storage) => {
      for (let time = 0; time < 5; time++) {
        await storage.exclusively!(async () => {
          const { counted } = JSON.parse(await storage.read() ?? '{"counted":0}');
          await storage.write(JSON.stringify({ counted: counted + 1 }));
        });
      }
    };
    await Promise.all(storages.map(count));
    assert.equal(JSON.parse(await readFile(path, "utf8")).counted, 40);
  });
});

test("the lock of a process that ended does not last", async () => {
  await inFolder(async (path) => {
    await mkdir(join(path, ".."));
    await writeFile(`${path}.lock`, "");
    await Deno.utime(`${path}.lock`, 0, 0);
    assert.equal(
      (await connect({ storage: fileStorage(path) }).client.activate(LICENSE_KEY)).storageError,
      null,
    );
  });
});

test("an old file that is put back is refused while the app runs, and by what it saw", async () => {
  const { client, storage } = connect();
  await client.activate(LICENSE_KEY);
  const old = await storage.read();
  const { seq } = JSON.parse(old!);
  assert.deepEqual(seq, { 34: ISSUED });
  await storage.write(
    JSON.stringify({ ...JSON.parse(old!), trusted: 0, seq: { 34: ISSUED + 5 }, validation: null }),
  );
  assert.equal((await client.status()).state, "invalid");
});

test("an edited cache file gives no license", async () => {
  const { client, storage } = connect();
  await storage.write(JSON.stringify({ format: 1, license_key: "x", validation: "a.b.c", state: "valid" }));
  assert.equal((await client.status()).state, "not_activated");
});

test("parts of a device are hashed for the product, and placeholders are dropped", async () => {
  const parts = { system: "4c4c4544", board: "To be filled by O.E.M.", mac: "00:00:00:00:00:00" };
  const [one, other] = [await deviceOf("painter", parts), await deviceOf("writer", parts)];
  assert.deepEqual(Object.keys(one.components!), ["system"]);
  assert.notEqual(one.components!.system, other.components!.system);
  assert.notEqual(one.fingerprint, other.fingerprint);
  await assert.rejects(deviceOf("painter", { board: "Default string" }), /fingerprint of your own/);
  assert.deepEqual(await machineDevice("painter"), await machineDevice("painter"));
});
