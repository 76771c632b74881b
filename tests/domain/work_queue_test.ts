// The queue of password hashes: so many at a time, in order, a bounded number waiting, and an aborted request leaves it.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { isDomainError } from "../../server/domain/errors.ts";
import { passwordQueue } from "../../server/domain/passwords/password_hash.ts";
import { createWorkQueue } from "../../server/domain/work_queue.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

/** Work that is finished by hand. */
function manualWork() {
  const begun: number[] = [];
  const finish: (() => void)[] = [];
  return {
    begun,
    finish,
    work: (number: number) => () => {
      begun.push(number);
      return new Promise<number>((resolve) => finish[number] = () => resolve(number));
    },
  };
}

/** Lets everything continue that waits for a promise. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const isOverloaded = (error: unknown) => isDomainError(error, "OVERLOADED");

test("work runs in its order, so much at a time, and what finds the queue full is refused at once", async () => {
  const queue = createWorkQueue(null, { concurrency: 2, maxWaiting: 3, duration: 1000 });
  const { begun, finish, work } = manualWork();
  const results = [0, 1, 2, 3, 4].map((number) => queue.run(work(number)));
  assert.deepEqual([begun, queue.running, queue.waiting], [[0, 1], 2, 3]);
  await assert.rejects(
    queue.run(work(5)),
    (error) => isDomainError(error, "OVERLOADED") && error.facts.retryAfter === 2,
  );
  assert.equal(queue.refused, 1);
  finish[1]();
  await settle();
  assert.deepEqual([begun, queue.running, queue.waiting], [[0, 1, 2], 2, 2]);
  results.push(queue.run(work(5)));
  for (const number of [0, 2, 3, 4, 5]) {
    finish[number]();
    await settle();
  }
  assert.deepEqual([begun, queue.running, queue.waiting], [[0, 1, 2, 3, 4, 5], 0, 0]);
  assert.deepEqual(await Promise.all(results), [0, 1, 2, 3, 4, 5]);
});

test("work that fails makes room like any other", async () => {
  const queue = createWorkQueue(null, { concurrency: 1, maxWaiting: 1, duration: 1 });
  const failing = queue.run(() => Promise.reject(new Error("no")));
  const next = queue.run(() => Promise.resolve("next"));
  await assert.rejects(failing, /no/);
  assert.equal(await next, "next");
  assert.equal(queue.running, 0);
});

test("an aborted request leaves the queue, and another can wait at once", async () => {
  const queue = createWorkQueue(null, { concurrency: 1, maxWaiting: 1, duration: 1 });
  const { begun, finish, work } = manualWork();
  const first = queue.run(work(0));
  const client = new AbortController();
  const left = queue.run(work(1), client.signal);
  await assert.rejects(queue.run(work(2)), isOverloaded);
  client.abort(new Error("the client left"));
  await assert.rejects(left, /the client left/);
  assert.equal(queue.waiting, 0);
  await assert.rejects(queue.run(work(3), client.signal), /the client left/);
  const last = queue.run(work(4));
  finish[0]();
  await first;
  await settle();
  finish[4]();
  assert.equal(await last, 4);
  assert.deepEqual(begun, [0, 4]);
});

test("an abort after the work has begun changes nothing", async () => {
  const queue = createWorkQueue(null, { concurrency: 1, maxWaiting: 1, duration: 1 });
  const { finish, work } = manualWork();
  const client = new AbortController();
  const result = queue.run(work(0), client.signal);
  client.abort();
  finish[0]();
  assert.equal(await result, 0);
});

test("sign-ins beyond the queue are answered 503 with Retry-After in the form of their dialect", async () => {
  const server = await startTestServer();
  let release = () => {};
  const held = new Promise<void>((resolve) => release = resolve);
  const occupied: Promise<void>[] = [];
  while (occupied.length < 10_000) {
    const taken = passwordQueue.run(() => held).catch((error) => {
      if (!isOverloaded(error)) throw error;
    });
    if (passwordQueue.refused > 0) break;
    occupied.push(taken);
  }
  const credentials = { email: "user@example.com", password: "a wrong password" };
  const message = "The server is busy with other requests. Retry after the seconds in Retry-After.";
  const user = await server.post("/api/v2/auth/login", credentials);
  assert.deepEqual([user.status, user.body], [503, { error: message }]);
  assert.ok(Number(user.headers.get("retry-after")) > 0);
  const administrator = await server.post("/api/admin/login", credentials);
  assert.deepEqual([administrator.status, administrator.body.error.code], [503, "OVERLOADED"]);
  assert.ok(Number(administrator.headers.get("retry-after")) > 0);
  const panel = await server.post("/trpc/account.signIn", credentials);
  assert.deepEqual([panel.status, panel.body.error.data.code], [503, "OVERLOADED"]);
  assert.ok(Number(panel.headers.get("retry-after")) > 0);

  const key = { "idempotency-key": "tried again later" };
  assert.equal((await server.post("/api/v2/auth/login", credentials, key)).status, 503);
  release();
  await Promise.all(occupied);
  assert.equal((await server.post("/api/v2/auth/login", credentials, key)).status, 401);
  await server.stop();
});

for (const listener of ["node", "deno"]) {
  test(`a sign-in over the ${listener} listener leaves the queue with its client`, async () => {
    const server = await startTestServer({ LISTENER: listener });
    let release = () => {};
    const held = new Promise<void>((resolve) => release = resolve);
    const occupied = Array.from({ length: 4 }, () => passwordQueue.run(() => held));
    const before = passwordQueue.waiting;
    const { hostname, port } = new URL(server.url);
    const body = JSON.stringify({ email: "leaver@example.com", password: "a wrong password" });
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        "POST /api/v2/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
    await eventually(() => Promise.resolve(passwordQueue.waiting > before));
    socket.destroy();
    await eventually(() => Promise.resolve(passwordQueue.waiting === before));
    await eventually(() => Promise.resolve(/"status":499/.test(server.logged())));
    assert.doesNotMatch(server.logged(), /"level":"(?:warn|error)"/);
    release();
    await Promise.all(occupied);
    await server.stop();
  });
}

test("calls with an Idempotency-Key that wait for a hash leave connections to everything else", async () => {
  const server = await startTestServer();
  const license = await makeLicense(await server.ctx());
  let release = () => {};
  const held = new Promise<void>((resolve) => release = resolve);
  const occupied = Array.from({ length: 4 }, () => passwordQueue.run(() => held));
  const body = { email: "user@example.com", password: "a wrong password" };
  const signIns = Array.from(
    { length: 40 },
    (_, n) => server.post("/api/v2/auth/login", body, { "idempotency-key": `key ${n}` }),
  );
  const before = passwordQueue.waiting;
  await eventually(() => Promise.resolve(passwordQueue.waiting >= Math.max(before, 10)));
  const verified = await server.post("/api/license/activate", {
    license_key: license.key,
    hardware_hash: "another machine",
  });
  assert.equal(verified.status, 201);
  release();
  await Promise.all(occupied);
  for (const { status } of await Promise.all(signIns)) assert.ok(status < 500, String(status));
  await server.stop();
});
