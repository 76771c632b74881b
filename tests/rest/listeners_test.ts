// Both listeners: slow and malformed bodies, HEAD, a port in use, and graceful shutdown.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { listenDeno, listenNode, PortInUseError } from "../../server/request/listener.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

/** Sends raw text in pieces over TCP and reads until the server closes the connection. */
function sendRaw(url: string, pieces: (string | Promise<unknown>)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(Number(port), hostname, async () => {
      for (const piece of pieces) typeof piece === "string" ? socket.write(piece) : await piece;
    });
    socket.on("data", (data) => received += data);
    socket.on("close", () => resolve(received));
    socket.on("error", reject);
  });
}

/** Sends requests on one connection, each after the answer to the one before, and returns the heads of the answers. */
async function sendInTurn(port: number, requests: string[]): Promise<string[]> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const heads: string[] = [];
  const buffer = new Uint8Array(4096);
  for (const path of requests) {
    await connection.write(new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`));
    let text = "";
    while (!text.includes("\r\n\r\nok")) {
      const size = await connection.read(buffer);
      if (size === null) break;
      text += new TextDecoder().decode(buffer.subarray(0, size));
    }
    heads.push(text.toLowerCase());
  }
  connection.close();
  return heads;
}

test("the node listener says how long it keeps a connection, and which answer is the last", async () => {
  const options = { host: "127.0.0.1", port: 0 };
  const young = await listenNode(() => new Response("ok"), options);
  const [first, second] = await sendInTurn(young.port, ["/a", "/b"]);
  assert.match(first, /\r\nkeep-alive: timeout=60\r\n/);
  assert.match(second, /^http\/1.1 200 .*\r\nconnection: keep-alive\r\n/s);
  const old = await listenNode(() => new Response("ok"), { ...options, maxAge: 0 });
  const [last, none] = await sendInTurn(old.port, ["/a", "/b"]);
  assert.match(last, /^http\/1.1 200 .*\r\nconnection: close\r\n/s);
  assert.equal(none, "");
  await Promise.all([young.drain(0, 100), old.drain(0, 100)]);
});

test("the node listener takes the rest of a refused body, so that the answer arrives", async () => {
  const server = await startTestServer();
  const { port } = new URL(server.url);
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const send = async (text: string) => {
    let rest = new TextEncoder().encode(text);
    while (rest.length > 0) rest = rest.subarray(await connection.write(rest));
  };
  await send("POST /api/license/verify HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  const answer = new Response(connection.readable).text();
  const chunk = "x".repeat(64 * 1024);
  // More than the buffers of the connection hold: sending it fails where nothing is read any more.
  for (let index = 0; index < 110; index++) await send(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  await send("0\r\n\r\n");
  assert.match(await answer, /^HTTP\/1.1 401 .*connection: close/s);
  await server.stop();
});

for (const listener of ["node", "deno"]) {
  const listen = listener === "deno" ? listenDeno : listenNode;

  test(`the ${listener} listener takes requests while they arrive, and closes their connections, when it stops`, async () => {
    const { port, drain } = await listen(() => new Response("ok"), { host: "127.0.0.1", port: 0 });
    const began = performance.now();
    const stopped = drain(600, 60_000).then(() => performance.now());
    let lastAt = began;
    // A busy machine may be silent for long enough to end it earlier.
    while (performance.now() - began < 800) {
      const at = performance.now();
      const [answer] = await sendInTurn(port, ["/"]).catch(() => [""]);
      if (!answer) break;
      assert.match(answer, /^http\/1.1 200 .*\r\nconnection: close\r\n/s);
      lastAt = at;
    }
    assert.ok(await stopped - lastAt >= 300);
    await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port }));
  });

  test(`what asks the ${listener} listener whether it is ready does not delay its end`, async () => {
    const { port, drain } = await listen(() => new Response("ok"), { host: "127.0.0.1", port: 0 });
    let isStopped = false;
    const stopped = drain(20, 60_000).then(() => isStopped = true);
    while (!isStopped) {
      await fetch(`http://127.0.0.1:${port}/health/ready`).then((response) => response.text()).catch(
        () => {},
      );
    }
    await stopped;
  });

  test(`the ${listener} listener finishes a request whose body is incomplete when shutdown begins`, async () => {
    const server = await startTestServer({ LISTENER: listener });
    const { key } = await makeLicense(await server.ctx());
    const body = JSON.stringify({ license_key: key, hardware_hash: "slow machine" });
    let arrived = () => {};
    const stopping = new Promise<void>((resolve) => arrived = resolve);
    const received = sendRaw(server.url, [
      "POST /api/license/activate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
      `X-API-Key: ${server.apiKey}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${
        body.slice(0, 10)
      }`,
      stopping,
      body.slice(10),
    ]);
    // The request is being processed once a later one has been answered.
    await server.get("/health");
    const stopped = server.stop();
    arrived();
    assert.match(await received, /^HTTP\/1.1 201 /);
    await stopped;
  });

  test(`the ${listener} listener reports a port that is in use`, async () => {
    const server = await startTestServer({ LISTENER: listener });
    await assert.rejects(
      listen(() => new Response(), { host: "127.0.0.1", port: server.server.port }),
      (error) => error instanceof PortInUseError && error.message.includes(`${server.server.port} is in use`),
    );
    await server.stop();
  });

  test(`the ${listener} listener refuses a body that is larger or shorter than announced`, async () => {
    const server = await startTestServer({ LISTENER: listener });
    const head = "POST /api/license/verify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
      `X-API-Key: ${server.apiKey}\r\n`;
    const chunk = "x".repeat(64 * 1024);
    const chunked = `${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(20) + "0\r\n\r\n";
    const large = await sendRaw(server.url, [`${head}Transfer-Encoding: chunked\r\n\r\n${chunked}`]).catch(
      String,
    );
    // A client that keeps sending after the refusal may lose the connection before it reads the response.
    assert.match(large, /^HTTP\/1.1 413 |ECONNRESET|EPIPE/);
    assert.equal((await server.get("/health")).status, 200);
    await server.stop();
  });

  test(`the ${listener} listener answers HEAD like GET, without a body`, async () => {
    const server = await startTestServer({ LISTENER: listener });
    const response = await fetch(`${server.url}/health`, { method: "HEAD" });
    assert.equal(response.status, 200);
    assert.equal(await response.text(), "");
    await server.stop();
  });
}
