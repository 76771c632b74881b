// The event stream: one reader for all streams of a process, bounded queues, and termination with the session.
import assert from "node:assert/strict";
import { tracked } from "@trpc/server";
import type { Role } from "../../server/domain/actor.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { createEventStream, type EventSubscription } from "../../server/request/event_stream.ts";
import { openLog } from "../../server/request/log.ts";
import { endSession } from "../../server/domain/administrators/sessions.ts";
import { RequestContext } from "../../server/request/request_context.ts";
import { contexts, streamEvents, subscription } from "../../server/trpc/live.ts";
import { type Batch, encodeBatch, encodeLive, type LiveStream } from "../../server/trpc/live_body.ts";
import { openContext } from "../../server/trpc/trpc.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense } from "../support/fixtures.ts";
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

test("A stream that is read too slowly is closed, and its client disconnected", async () => {
  const stream = createEventStream(server.db, log);
  let lags = 0;
  const slow = await stream.subscribe(null, () => lags++);
  for (let round = 0; round < 4; round++) {
    await recordManyEvents(ctx, 100);
    await (await stream.subscribe(null)).next(0);
  }
  assert.equal(await slow.next(5000), null);
  assert.equal(lags, 1);
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
    ctx: { request: RequestContext; live: LiveStream | null };
    signal: AbortSignal | undefined;
  }
  const failing = subscription<Call, number>(async function* () {
    yield await Promise.resolve([1]);
    throw new Error("the database restarts");
  });
  const run = async (signal: AbortSignal) => {
    const live: LiveStream = { signal, drop() {}, batches: null };
    for await (const _item of failing({ ctx: { request, live }, signal }));
    for await (const _batch of live.batches!);
  };
  const client = new AbortController();
  await assert.rejects(run(client.signal), /restarts/);
  client.abort();
  await run(client.signal);
});

test("A stream sends what it is told together, a ping after a silence, and its error or end", async () => {
  const batches = async function* (fails: boolean): AsyncGenerator<Batch> {
    yield await Promise.resolve([tracked("1", { a: 1 }), tracked("2", null)]);
    yield [];
    if (fails) throw new Error("lost");
  };
  const textsOf = async (fails: boolean, pingAfter?: number) => {
    const pieces: string[] = [];
    for await (
      const piece of encodeLive(batches(fails), (error) => ({ message: String(error) }), pingAfter)
    ) {
      pieces.push(new TextDecoder().decode(piece));
    }
    return pieces;
  };
  const items = 'data: {"a":1}\nid: 1\n\ndata: null\nid: 2\n\n';
  const [connected, ...rest] = await textsOf(false);
  assert.match(connected, /^event: connected\ndata: \{"reconnectAfterInactivityMs":\d+\}\n\n$/);
  assert.deepEqual(rest, [items, "event: return\ndata: \n\n"]);
  assert.deepEqual((await textsOf(false, 0)).slice(1), [
    items,
    "event: ping\ndata: \n\n",
    "event: return\ndata: \n\n",
  ]);
  assert.deepEqual((await textsOf(true)).slice(1), [
    items,
    'event: serialized-error\ndata: {"message":"Error: lost"}\n\n',
  ]);
});

test("Streams whose callers see the same send the same bytes, encoded once; viewers see masked keys", async () => {
  const contextOf = async (role: Role) => {
    const { token } = await makeAdministrator(server, role);
    const raw = new Request(server.url, { headers: { authorization: `Bearer ${token}` } });
    const request = new RequestContext(server.server.services, raw, { peer: "127.0.0.1" });
    return { request, ctx: await openContext(request) };
  };
  const callers = [await contextOf("manager"), await contextOf("owner"), await contextOf("viewer")];
  const streams = callers.map((caller) => streamEvents(caller, null, undefined, () => {}));
  for (const stream of streams) await stream.next();
  await makeLicense(ctx);
  const [manager, owner, viewer] = await Promise.all(
    streams.map(async (stream) => {
      while (true) {
        const { value } = await stream.next();
        assert.ok(value);
        if (value.some(([, event]) => event?.licenseKey)) return value;
      }
    }),
  );
  assert.equal(manager, owner);
  assert.equal(encodeBatch(manager), encodeBatch(owner));
  const keyIn = (batch: typeof viewer) => batch.map(([, event]) => event?.licenseKey).find(Boolean)!;
  assert.notEqual(keyIn(viewer), keyIn(owner));
  assert.match(keyIn(viewer), /\*/);
  for (const stream of streams) await stream.return(undefined);
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
