// The queue for a session over HTTP: who waits, in what order sessions are given, and what is refused.
import assert from "node:assert/strict";
import { times } from "../support/concurrency.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const other = await startTestServer({}, server);

/** A license with a queue, and functions that call for one of its devices, over the two servers in turn. */
async function queueOf(maxUsers: number, devices: number, seatQueue = true) {
  const license = await makeLicense(await server.ctx(), { maxUsers, maxActivations: devices, seatQueue });
  const through = (n: number) => n % 2 ? other : server;
  const device = (n: number) => ({ license_key: license.key, hardware_hash: `device-${n}` });
  await times(devices, (n) => through(n).post("/api/license/activate", device(n)));
  return {
    ask: (n: number, ticket?: string) =>
      through(n).post("/api/license/session/queue", { ...device(n), ticket }),
    start: (n: number) => through(n).post("/api/license/session/start", device(n)),
    leave: (ticket: string, n = 0) => through(n).post("/api/license/session/leave", { ticket }),
    end: (session_id: string) => server.post("/api/license/session/end", { session_id }),
  };
}

test("of 200 apps at once 10 get a session, the others wait in one order, and one that leaves moves those behind it up", async () => {
  const { ask, leave, end, start } = await queueOf(10, 200);
  const answers = await times(200, async (n) => ({ n, ...await ask(n) }));
  const started = answers.filter(({ status }) => status === 201);
  const waiting = answers.filter(({ status }) => status === 202)
    .sort((a, b) => a.body.position - b.body.position);
  assert.deepEqual([started.length, waiting.length], [10, 190], JSON.stringify(answers[0].body));
  assert.deepEqual(waiting.map(({ body }) => body.position), Array.from({ length: 190 }, (_, n) => n + 1));
  for (const { body } of waiting) {
    assert.deepEqual([body.active_sessions, body.max_users, body.expires_in > body.retry_after], [
      10,
      10,
      true,
    ]);
  }

  const left = await leave(waiting[2].body.ticket, waiting[2].n);
  assert.deepEqual([left.status, left.body], [200, {
    message: "Left the queue",
    active_sessions: 10,
    max_users: 10,
  }]);
  const [gone] = waiting.splice(2, 1);
  const again = await times(waiting.length, (index) => ask(waiting[index].n, waiting[index].body.ticket));
  assert.deepEqual(again.map(({ status }) => status), waiting.map(() => 202));
  assert.deepEqual(again.map(({ body }) => body.position), waiting.map((_, index) => index + 1));

  // A free session is kept for the one that came first, whoever asks before it.
  assert.equal((await end(started[0].body.session_id)).status, 200);
  assert.equal((await start(gone.n)).status, 409);
  assert.equal((await ask(waiting[1].n, waiting[1].body.ticket)).status, 202);
  assert.equal((await ask(waiting[0].n, waiting[0].body.ticket)).status, 201);

  // Five are free at once: the next five of the order have them, however all ask at the same time.
  await times(5, (n) => end(started[n + 1].body.session_id));
  const last = await times(
    waiting.length - 1,
    (index) => ask(waiting[index + 1].n, waiting[index + 1].body.ticket),
  );
  assert.deepEqual(last.map(({ status }) => status), last.map((_, index) => index < 5 ? 201 : 202));
  const behind = waiting.slice(6);
  const moved = await times(behind.length, (index) => ask(behind[index].n, behind[index].body.ticket));
  assert.deepEqual(moved.map(({ body }) => body.position), behind.map((_, index) => index + 1));
});

test("a ticket that was given back, is unknown or is no ticket is refused, and a license without a queue gives none", async () => {
  const { ask, leave } = await queueOf(1, 2);
  assert.equal((await ask(0)).status, 201);
  const { status, body: { ticket } } = await ask(1);
  assert.equal(status, 202);
  assert.equal((await leave(ticket)).status, 200);
  const unknown = "2f4c8f0e-6a43-4a55-9d0c-0d6c3f3f9b11";
  for (
    const answer of [await leave(ticket), await leave(unknown), await ask(1, ticket), await ask(1, unknown)]
  ) {
    assert.deepEqual([answer.status, answer.body.error.code], [404, "TICKET_NOT_FOUND"]);
  }
  for (const answer of [await leave("x"), await ask(1, "x")]) {
    assert.deepEqual([answer.status, answer.body.error.code, answer.body.error.details.field], [
      400,
      "INVALID_REQUEST",
      "ticket",
    ]);
  }
  const without = await queueOf(1, 2, false);
  assert.equal((await without.ask(0)).status, 201);
  const full = await without.ask(1);
  assert.deepEqual([full.status, full.body.error.code], [409, "SESSION_LIMIT_REACHED"]);
});
