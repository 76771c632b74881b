// Event streams: so many for a session and in all, refused with Retry-After, and closed when they are not read.
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { isDomainError } from "../../server/domain/errors.ts";
import { isRequestError } from "../../server/request/request_error.ts";
import { createStreamSlots } from "../../server/request/stream_slots.ts";
import { streamBody } from "../../server/request/streamed_body.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

test("streams are limited for a session and in all, and counted down once", () => {
  const slots = createStreamSlots(2, 3);
  const first = slots.take("one");
  slots.take("one");
  assert.throws(() => slots.take("one"), (error) => isRequestError(error, "TOO_MANY_STREAMS"));
  slots.take("two");
  assert.throws(() => slots.take("three"), (error) => isDomainError(error, "OVERLOADED"));
  assert.deepEqual([slots.open, slots.refused], [3, 2]);
  first();
  first();
  assert.equal(slots.open, 2);
  slots.take("three");
});

for (const listener of ["node", "deno"]) {
  test(`a session's 21st stream on the ${listener} listener is refused with Retry-After; those that were closed do not count`, async () => {
    const server = await startTestServer({ LISTENER: listener });
    const [viewer, other] = [
      await makeAdministrator(server, "viewer"),
      await makeAdministrator(server, "viewer"),
    ];
    const open: Socket[] = [];
    // A connection of its own: the closing of one of `fetch` is up to its pool.
    const openStream = (token: string) =>
      new Promise<number>((resolve, reject) => {
        const { hostname, port } = new URL(server.url);
        const socket = connect(Number(port), hostname, () => {
          socket.write(
            `GET /trpc/events.feed?input=%7B%7D HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`,
          );
        });
        socket.once("data", (data) => resolve(Number(String(data).split(" ")[1])));
        socket.on("error", reject);
        open.push(socket);
      });
    for (let n = 0; n < 20; n++) assert.equal(await openStream(viewer.token), 200);
    for (const procedure of ["events.feed", "monitoring.live"]) {
      const refused = await fetch(`${server.url}/trpc/${procedure}?input=%7B%7D`, {
        headers: { authorization: `Bearer ${viewer.token}` },
      });
      const { error } = await refused.json();
      assert.deepEqual([refused.status, error.data.code], [429, "TOO_MANY_STREAMS"]);
      assert.ok(Number(refused.headers.get("retry-after")) > 0);
    }
    assert.equal((await viewer.get("/api/customers")).status, 200, "other calls of the session go on");
    assert.equal(await openStream(other.token), 200, "other sessions have a number of their own");
    for (const socket of open.splice(0)) socket.destroy();
    await eventually(() => Promise.resolve(server.server.services.streams.open === 0));
    assert.equal(await openStream(viewer.token), 200);
    open[0].destroy();
    await server.stop();
  });
}

test("a stream that is not read is closed, and its reader loads everything again", async () => {
  const server = await startTestServer();
  const { token } = await makeAdministrator(server, "viewer");
  const { streams, eventStream } = server.server.services;
  const openStream = (input: object) => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    const path = `/trpc/events.feed?input=${encodeURIComponent(JSON.stringify(input))}`;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    socket.on("error", () => {});
    return socket;
  };
  const told = async (count: number, size: number) => {
    await server.db`
        insert into events (type, occurred_at, actor_kind, subject_kind, subject_id, before, after)
        select 'customer.updated', now(), 'system', 'customer', 0, ${
      server.db.json({})
    }, jsonb_build_object('name', repeat('x', ${size}))
        from generate_series(1, ${count})`;
    // Each subscription reads what is new for all.
    (await eventStream.subscribe(null)).close();
  };
  const unread = openStream({});
  let received = "";
  await new Promise<void>((resolve) =>
    unread.on("data", (data) => {
      received += data;
      if (/data: null\nid: /.test(received)) resolve();
    })
  );
  unread.pause();
  // More than the system buffers for the connection.
  await told(80, 200_000);
  for (let round = 0; round < 5; round++) await told(250, 1);
  await eventually(() => Promise.resolve(streams.dropped === 1 && streams.open === 0));
  const closed = new Promise((resolve) => unread.once("close", resolve));
  unread.resume();
  await closed;
  assert.ok(!received.endsWith("0\r\n\r\n"), "the reader sees that it is incomplete");
  assert.ok(!received.includes("event: return"));
  const lastEventId = [...received.matchAll(/\nid: (\S+)\n/g)].at(-1)![1];
  const again = openStream({ lastEventId });
  const [first] = await new Promise<string[]>((resolve) => {
    let text = "";
    again.on("data", (data) => {
      text += data;
      const items = [...text.matchAll(/data: ([^\n]*)\nid: /g)].map(([, item]) => item);
      if (items.length > 0) resolve(items);
    });
  });
  assert.equal(first, "null");
  again.destroy();
  await server.stop();
});

test("a body that is not read is closed, and its source with it", async () => {
  let isCancelled = false;
  let ends = 0;
  const source = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1024)),
    cancel: () => void (isCancelled = true),
  }, { highWaterMark: 0 });
  const reader = streamBody(source, { ended: () => ends++, readWithin: 1 }).getReader();
  assert.equal((await reader.read()).value?.length, 1024);
  await eventually(() => Promise.resolve(isCancelled));
  await assert.rejects(reader.read(), /does not read/);
  assert.equal(ends, 1);
});

test("a body ends with its client, one that is disconnected too", async () => {
  const source = () => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1)) });
  let ends = 0;
  const dropped = new AbortController();
  const reader = streamBody(source(), { ended: () => ends++, dropped: dropped.signal }).getReader();
  await reader.read();
  dropped.abort();
  await assert.rejects(reader.read(), /does not read/);
  const cancelled = new AbortController();
  const other = streamBody(source(), { ended: () => ends++, dropped: cancelled.signal }).getReader();
  await other.cancel();
  cancelled.abort();
  assert.equal(ends, 2);
});

test("nothing of a body is made before the client reads it", async () => {
  let made = 0;
  const source = new ReadableStream({
    pull(controller) {
      if (++made > 3) controller.close();
      else controller.enqueue(new Uint8Array(1));
    },
  }, { highWaterMark: 0 });
  let ends = 0;
  const reader = streamBody(source, { ended: () => ends++ }).getReader();
  await Promise.resolve();
  assert.equal(made, 0);
  for (let n = 1; n <= 3; n++) {
    await reader.read();
    assert.equal(made, n);
  }
  assert.equal((await reader.read()).done, true);
  assert.equal(ends, 1);
});
