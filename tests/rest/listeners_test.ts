// Both listeners: slow bodies, bodies on GET, a taken port, and a stop that cuts nothing off.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { listenDeno, listenNode, PortInUseError } from "../../server/request/listener.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

/** Sends text by hand, in pieces, and reads until the other end closes. */
function speak(url: string, pieces: (string | Promise<unknown>)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let heard = "";
    const socket = connect(Number(port), hostname, async () => {
      for (const piece of pieces) typeof piece === "string" ? socket.write(piece) : await piece;
    });
    socket.on("data", (data) => heard += data);
    socket.on("close", () => resolve(heard));
    socket.on("error", reject);
  });
}

for (const listener of ["node", "deno"]) {
  test(`the ${listener} listener finishes a request whose body is still coming when it is told to stop`, async () => {
    const server = await startTestServer({ LISTENER: listener });
    const { key } = await makeLicense(await server.ctx());
    const body = JSON.stringify({ license_key: key, hardware_hash: "slow machine" });
    let arrived = () => {};
    const stopping = new Promise<void>((resolve) => arrived = resolve);
    const heard = speak(server.url, [
      "POST /api/license/activate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
      `X-API-Key: ${server.apiKey}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${
        body.slice(0, 10)
      }`,
      stopping,
      body.slice(10),
    ]);
    // The request is under way once another one, sent after it, has been answered.
    await server.get("/health");
    const stopped = server.stop();
    arrived();
    assert.match(await heard, /^HTTP\/1.1 201 /);
    await stopped;
  });

  test(`the ${listener} listener says whose port it is when it is taken`, async () => {
    const server = await startTestServer({ LISTENER: listener });
    const listen = listener === "deno" ? listenDeno : listenNode;
    await assert.rejects(
      listen(() => new Response(), { host: "127.0.0.1", port: server.server.port }),
      (error) => error instanceof PortInUseError && error.message.includes(`${server.server.port} is taken`),
    );
    await server.stop();
  });

  test(`the ${listener} listener refuses a body that is larger than was announced, or ends too early`, async () => {
    const server = await startTestServer({ LISTENER: listener });
    const head = "POST /api/license/verify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
      `X-API-Key: ${server.apiKey}\r\n`;
    const chunk = "x".repeat(64 * 1024);
    const chunked = `${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(20) + "0\r\n\r\n";
    const large = await speak(server.url, [`${head}Transfer-Encoding: chunked\r\n\r\n${chunked}`]).catch(
      String,
    );
    // Whoever goes on sending after the refusal may find the connection closed before it has read the answer.
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
