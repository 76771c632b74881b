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

for (const listener of ["node", "deno"]) {
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
    const listen = listener === "deno" ? listenDeno : listenNode;
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
