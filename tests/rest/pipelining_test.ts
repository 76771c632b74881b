// Requests that are sent without waiting for answers: handled in turn, bounded, and forgotten with their connection.
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { listenDeno, listenNode } from "../../server/request/listener.ts";
import { eventually, test } from "../support/test.ts";

const listeners = { node: listenNode, deno: listenDeno };
const request = (path: string, method = "POST") =>
  `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}`;

function open(port: number, text: string): Promise<{ socket: Socket; received: () => string }> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(text);
      resolve({ socket, received: () => received });
    });
    socket.on("data", (data) => received += data);
    socket.on("error", () => {});
  });
}

for (const [name, listen] of Object.entries(listeners)) {
  test(`the ${name} listener handles the requests of a connection one after another`, async () => {
    let running = 0;
    let most = 0;
    const order: string[] = [];
    const listener = await listen(async (request) => {
      most = Math.max(most, ++running);
      await request.text();
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      order.push(new URL(request.url).pathname);
      return new Response(new URL(request.url).pathname);
    }, { host: "127.0.0.1", port: 0 });
    const paths = Array.from({ length: 20 }, (_, n) => `/${n}.`);
    const client = await open(listener.port, paths.map((path) => request(path)).join(""));
    await eventually(() => Promise.resolve(client.received().includes("/19.")));
    assert.deepEqual([most, order], [1, paths]);
    assert.deepEqual(client.received().match(/\/\d+\.(?=HTTP|$)/g), paths);
    client.socket.destroy();
    assert.equal(await listener.drain(0, 2000), 0);
  });

  test(`the ${name} listener handles few of the requests of a connection that reads no answer`, async () => {
    let handled = 0;
    const answer = "x".repeat(200_000);
    const listener = await listen(() => (handled++, new Response(answer)), { host: "127.0.0.1", port: 0 });
    const { socket } = await open(listener.port, "");
    socket.pause();
    socket.write(request("/", "GET").repeat(5000));
    await eventually(() => Promise.resolve(handled > 0));
    await (await fetch(`http://127.0.0.1:${listener.port}`)).text();
    assert.ok(handled < 200, `${handled} were handled`);
    socket.destroy();
    // A request of a closed connection is not waited for.
    assert.equal(await listener.drain(0, 2000), 0);
  });
}
