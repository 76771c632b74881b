// The event stream: one reader for all streams of a process, bounded queues, and termination with the session.
import assert from "node:assert/strict";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { createEventStream, type EventSubscription } from "../../server/request/event_stream.ts";
import { openLog } from "../../server/request/log.ts";
import { endSession } from "../../server/domain/administrators/sessions.ts";
import { RequestContext } from "../../server/request/request_context.ts";
import { contexts, subscription } from "../../server/trpc/live.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { recordManyEvents } from "../support/many_events.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const log = openLog("error");

/** The event types that a stream delivers up to the event of the customer with this name. */
async function typesUntil(subscription: EventSubscription, name: string): Promise<(string | null)[]> {
  const types: (string | null)[] = [];
  while (true) {
    const items = await subscription.next(5000);
    assert.ok(items && items.length > 0, `Nothing more after ${types}`);
    for (const { event } of items) {
      types.push(event?.type ?? null);
      if (event?.after?.name === name) return types;
    }
  }
}

test("Every stream delivers every event once, also when it resumes", async () => {
  const stream = createEventStream(server.db, log);
  const first = await stream.subscribe(null);
  const [begin] = (await first.next(0))!;
  assert.equal(begin.event, null);
  await createCustomer(ctx, { name: "One" });
  await createCustomer(ctx, { name: "Two" });
  stream.wake();
  assert.deepEqual(await typesUntil(first, "Two"), ["customer.created", "customer.created"]);
  const second = await stream.subscribe(begin.position);
  assert.deepEqual(await typesUntil(second, "Two"), ["customer.created", "customer.created"]);
  await createCustomer(ctx, { name: "Three" });
  stream.wake();
  assert.deepEqual(await typesUntil(first, "Three"), ["customer.created"]);
  assert.deepEqual(await typesUntil(second, "Three"), ["customer.created"]);
  stream.close();
  assert.equal(await first.next(5000), null);
  assert.equal(await second.next(5000), null);
  assert.equal(await (await stream.subscribe(null)).next(5000), null);
});

test("Too many events at once are replaced by a request to reload everything", async () => {
  const stream = createEventStream(server.db, log);
  const subscription = await stream.subscribe(null);
  const [{ position }] = (await subscription.next(0))!;
  await recordManyEvents(ctx, 600);
  const resumed = await stream.subscribe(position);
  const items = (await resumed.next(0))!;
  assert.deepEqual(items.map(({ event }) => event), [null, null]);
  await createCustomer(ctx, { name: "After the flood" });
  stream.wake();
  assert.deepEqual(await typesUntil(resumed, "After the flood"), ["customer.created"]);
  stream.close();
});

test("A stream that is read too slowly is closed", async () => {
  const stream = createEventStream(server.db, log);
  const slow = await stream.subscribe(null);
  for (let round = 0; round < 4; round++) {
    await recordManyEvents(ctx, 100);
    await (await stream.subscribe(null)).next(0);
  }
  assert.equal(await slow.next(5000), null);
  stream.close();
});

test("A change of sessions wakes every waiting stream", async () => {
  const stream = createEventStream(server.db, log);
  const subscription = await stream.subscribe(null);
  await subscription.next(0);
  const interrupted = subscription.next(60_000);
  stream.checkSessions();
  assert.deepEqual(await interrupted, []);
  stream.close();
});

test("A stream is closed when its session ends", async () => {
  const manager = await makeAdministrator(server, "manager");
  const response = await fetch(`${server.url}/trpc/events.feed?input=%7B%7D`, {
    headers: { authorization: `Bearer ${manager.token}` },
  });
  const reader = response.body!.getReader();
  await reader.read();
  const [{ id }] = await server.db<{ id: number }[]>`
    select s.id
    from administrator_sessions s
    join administrators a on a.id = s.administrator_id
    where a.id = ${manager.id}`;
  await endSession(
    { ...ctx, actor: { kind: "administrator", id: manager.id, name: "", role: "manager" } },
    id,
  );
  let isOpen = true;
  (async () => {
    while (isOpen) isOpen = !(await reader.read()).done;
  })();
  await eventually(() => Promise.resolve(!isOpen));
});

test("A subscription fails for a client that is there, and ends without an error for one that has left", async () => {
  const { services } = server.server;
  const request = new RequestContext(services, new Request(server.url), { peer: "127.0.0.1" });
  interface Call {
    ctx: { request: RequestContext };
    signal: AbortSignal | undefined;
  }
  const failing = subscription<Call, number>(async function* () {
    yield await Promise.resolve(1);
    throw new Error("the database restarts");
  });
  const run = async (call: Call) => {
    for await (const _item of failing(call));
  };
  const client = new AbortController();
  await assert.rejects(run({ ctx: { request }, signal: client.signal }), /restarts/);
  client.abort();
  await run({ ctx: { request }, signal: client.signal });
});

test("The server stops without an error, and subscriptions whose client left read the database no more", async () => {
  const { token } = await makeAdministrator(server, "viewer");
  const raw = new Request(server.url, { headers: { authorization: `Bearer ${token}` } });
  const request = new RequestContext(server.server.services, raw, { peer: "127.0.0.1" });
  const waiting = contexts({ request, ctx }, 60_000, undefined);
  await waiting.next();
  const next = waiting.next();
  await server.stop();
  assert.deepEqual(await next, { value: undefined, done: true });
});
