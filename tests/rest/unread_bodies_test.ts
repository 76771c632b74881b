// Bodies are not read before authentication where it does not need them: a refusal comes at once, while the body is on its
// way. The listener `node` then closes the connection; `deno` receives the rest and drops it, or waits for it behind its
// proxy.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { nextTurn, readInTurns } from "../../server/request/read_in_turns.ts";
import { receiveBody } from "../../server/request/receive_body.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const MIB = 1024 * 1024;

interface Refused {
  /** The status, received while the body was incomplete. */
  status: number;
  /** Bytes of the body that the client could send before the connection was closed. */
  sent: number;
  problem: string | null;
}

/**
 * Sends the head of a request that announces a body, and part of the body.
 *
 * @param options.isKept whether the server keeps the connection; the client then leaves with the answer
 * @param options.isFast whether the client goes on sending as fast as it can; otherwise it sends a few bytes and waits
 */
function announce(
  url: string,
  [method, path, headers]: [string, string, Record<string, string>],
  { length, isFast, isKept }: { length: number; isFast: boolean; isKept: boolean },
): Promise<Refused> {
  const { hostname, port } = new URL(url);
  const lines = Object.entries({ host: "localhost", "content-length": length, ...headers });
  const head = `${method} ${path} HTTP/1.1\r\n${
    lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")
  }\r\n`;
  return new Promise((resolve) => {
    let received = "";
    let sent = 0;
    const chunk = "x".repeat(64 * 1024);
    const socket = connect(Number(port), hostname, () => {
      socket.write(head);
      if (isFast) pump();
      else socket.write('{"a"');
    });
    function pump(): void {
      while (sent < length && !socket.destroyed) {
        sent += chunk.length;
        if (!socket.write(chunk)) return void socket.once("drain", pump);
      }
    }
    socket.on("data", (data) => {
      received += data;
      if (isKept) socket.destroy();
    });
    // A client that goes on sending may lose the connection.
    let problem: string | null = null;
    socket.on("error", ({ message }) => problem = message);
    const overdue = setTimeout(() => socket.destroy(new Error("The connection is still open")), 5000);
    socket.on("close", () => clearTimeout(overdue));
    socket.on(
      "close",
      () => resolve({ status: Number(received.match(/^HTTP\/1.1 (\d+)/)?.[1]), sent, problem }),
    );
  });
}

for (const listener of ["node", "deno"]) {
  const server = await startTestServer({ LISTENER: listener });
  const json = { "content-type": "application/json" };
  const form = { "content-type": "multipart/form-data; boundary=x" };
  const wrong = { authorization: `Bearer ${"A".repeat(64)}` };
  const calls: [
    name: string,
    status: number,
    length: number,
    call: [string, string, Record<string, string>],
  ][] = [
    ["an upload", 401, 50 * MIB, ["POST", "/leads/import", form]],
    ["an upload with a wrong token", 401, 50 * MIB, ["POST", "/leads/import", { ...form, ...wrong }]],
    ["administration", 401, MIB, ["POST", "/api/admin/customers", json]],
    ["the License API", 401, MIB, ["POST", "/api/license/verify", json]],
    ["the License API with a wrong key", 401, MIB, ["POST", "/api/license/verify", {
      ...json,
      "x-api-key": "wrong",
    }]],
    ["a procedure", 401, MIB, ["POST", "/trpc/customers.create", json]],
    ["a batch of procedures", 401, MIB, ["POST", "/trpc/account.me,customers.create?batch=1", json]],
    ["a procedure that does not exist", 404, MIB, ["POST", "/trpc/no.such", json]],
    ["the queue dashboard", 401, MIB, ["PUT", "/admin/queues/api/queues/mail/retry", json]],
    ["a user's call with a wrong token", 401, MIB, ["POST", "/api/v2/devices/register", {
      ...json,
      ...wrong,
    }]],
    ["a user's call without a token", 413, MIB, ["POST", "/api/v2/devices/register", json]],
    ["an address that does not exist", 404, MIB, ["POST", "/no/such/address", json]],
  ];
  // All begin with the first, as the server leaves a connection that it closes open for a second.
  const refusals: (() => Promise<Refused>)[] = [];
  let begun: Promise<Refused>[] | undefined;
  for (const [name, status, length, call] of calls) {
    // A fast client has sent a small body before it is refused.
    for (const isFast of length > MIB ? [false, true] : [false]) {
      const index = refusals.length;
      refusals.push(() => announce(server.url, call, { length, isFast, isKept: listener === "deno" }));
      test(`the ${listener} listener refuses ${name} without reading, ${isFast ? "fast" : "slow"}`, async () => {
        begun ??= refusals.map((begin) => begin());
        const refused = await begun[index];
        // Closing while the client sends may take the answer with it.
        if (!isFast || refused.status) assert.equal(refused.status, status);
        assert.doesNotMatch(refused.problem ?? "", /still open/);
        // What fits into the buffers of both sockets is sent in any case.
        if (listener === "node") assert.ok(refused.sent < 20 * MIB, `${refused.sent} bytes were sent`);
      });
    }
  }

  test(`the ${listener} listener keeps the connection of a small body that was refused`, async () => {
    const send = () => server.post("/api/license/verify", { a: 1 }, { "x-api-key": "wrong" });
    assert.deepEqual([(await send()).status, (await send()).status], [401, 401]);
    await server.stop();
  });
}

/** Sends a request as bytes. Resolves with what is received when that has `isEnough`, or the connection is closed. */
function exchange(
  url: string,
  token: string,
  bodies: Iterator<Uint8Array<ArrayBuffer> | string>,
  headers: string,
  isEnough: (received: string) => boolean,
): Promise<{ received: string; sent: number }> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => {
      socket.write(
        `POST /leads/import HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n${headers}\r\n\r\n`,
      );
      pump();
    });
    function pump(): void {
      for (let next = bodies.next(); !next.done && !socket.destroyed; next = bodies.next()) {
        if (!socket.write(next.value)) return void socket.once("drain", pump);
      }
    }
    const settle = () => {
      resolve({ received, sent: socket.bytesWritten });
      socket.destroy();
    };
    socket.on("data", (data) => {
      received += data;
      if (isEnough(received)) settle();
    });
    socket.on("error", () => {}).on("close", settle);
  });
}

test("a long body is read in turns, until its reader has enough", async () => {
  const incoming = new Readable({ read() {} });
  incoming.resume();
  const turns = readInTurns(incoming);
  for (let read = 0; read < MIB / 4 - 1024; read += 1024) turns.noteRead(1024);
  assert.equal(incoming.isPaused(), false);
  turns.noteRead(1024);
  assert.equal(incoming.isPaused(), true, "after 256 KiB");
  await eventually(() => Promise.resolve(!incoming.isPaused()));
  turns.noteRead(MIB);
  turns.end();
  await nextTurn();
  assert.equal(incoming.isPaused(), true);
});

test("pieces that have their memory for themselves count for turns as well", async () => {
  const incoming = Readable.from(Array.from({ length: 16 }, () => new Uint8Array(64 * 1024)), {
    objectMode: false,
  });
  let pauses = 0;
  incoming.on("pause", () => pauses++);
  const body = await receiveBody(new Request("http://localhost"), { maxBytes: MIB }, incoming);
  assert.equal(body.length, MIB);
  assert.ok(pauses >= 3, `paused ${pauses} times`);
});

test("An endless file is refused while it is sent, and what follows a whole one is answered", async () => {
  const server = await startTestServer();
  const { token } = await makeAdministrator(server, "manager");
  const chunk = `${(64 * 1024).toString(16)}\r\n${"a".repeat(64 * 1024)}\r\n`;
  const endless = await exchange(
    server.url,
    token,
    Iterator.from({ next: () => ({ done: false, value: chunk }) }),
    "Content-Type: text/csv\r\nTransfer-Encoding: chunked",
    (received) => received.includes("\r\n\r\n"),
  );
  assert.match(endless.received, /^HTTP\/1.1 413 /);
  // Beside what is received, the buffers of both systems.
  assert.ok(endless.sent < 20 * MIB, `${endless.sent} bytes`);
  const damaged = new Uint8Array(100_000).fill(97);
  damaged.set(new TextEncoder().encode("PK\x03\x04"));
  const both = await exchange(
    server.url,
    token,
    [damaged, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"].values(),
    `Content-Type: application/octet-stream\r\nContent-Length: ${damaged.length}`,
    (received) => received.includes("HTTP/1.1 200 "),
  );
  assert.match(both.received, /^HTTP\/1.1 400 [^]*HTTP\/1.1 200 /);
  await server.stop();
});
